import { AppError } from '#libs/errors/app-error';

export interface Asked {
  method?: 'GET' | 'POST';
  key?: string;
  json?: unknown;
  form?: FormData;
  signal: AbortSignal;
  timeoutMs?: number;
}

/**
 * Asks a provider that the operator has named. An answer of 5xx or 429, or none, is `unavailable`; any other refusal is
 * `invalid` with the provider's own words, without its keys.
 */
export async function ask(provider: string, url: string, asked: Asked): Promise<Response> {
  const { method = asked.json !== undefined || asked.form ? 'POST' : 'GET', key, json, form } = asked;
  const signal = AbortSignal.any([asked.signal, AbortSignal.timeout(asked.timeoutMs ?? 120_000)]);
  let answer: Response;
  try {
    answer = await fetch(url, {
      method,
      signal,
      headers: {
        accept: 'application/json',
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      body: json !== undefined ? JSON.stringify(json) : form,
    });
  } catch (cause) {
    asked.signal.throwIfAborted();
    const why = (cause as Error).name === 'TimeoutError' ? 'it took too long' : 'it cannot be reached';
    throw new AppError('unavailable', `${provider} did not answer: ${why}.`, BAD_GATEWAY, { cause });
  }
  if (answer.ok) return answer;
  const words = (await answer.text().catch(() => '')).replaceAll(key ?? '\0', '***').slice(0, 500);
  const again = answer.status >= 500 || answer.status === 429;
  throw new AppError(again ? 'unavailable' : 'invalid', `${provider} answered ${answer.status}: ${words}`, BAD_GATEWAY);
}

/** As `ask`, for an answer in JSON. */
export async function askJson<T>(provider: string, url: string, asked: Asked): Promise<T> {
  const answer = await ask(provider, url, asked);
  try {
    return (await answer.json()) as T;
  } catch (cause) {
    throw new AppError('unavailable', `${provider} did not answer in JSON.`, BAD_GATEWAY, { cause });
  }
}

/** Waits, unless it is called off. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
  signal.throwIfAborted();
}

/** The gateway answers a failure of somebody behind us with 502. */
export const BAD_GATEWAY = { reason: 'bad_gateway' };
