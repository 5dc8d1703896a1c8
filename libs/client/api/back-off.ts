/** How a caller waits before it asks again. */
export interface Patience {
  /** How often a call that may be repeated is asked again. */
  readonly retries: number;
  /** Waits; rejects when the signal is aborted. */
  readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

const FIRST_MS = 250;
const MOST_MS = 8000;
/** A server that asks for longer than this is told of, not waited for. */
const LONGEST_WISH_S = 30;

/**
 * How long to wait before attempt `attempt` (1 is the first repetition), in milliseconds: what the server asked for, else
 * twice as long each time, with up to half of it left to chance. Undefined when the server asks for too long.
 */
export function waitBefore(attempt: number, retryAfter: string | null, random: () => number): number | undefined {
  const wished = secondsOf(retryAfter);
  if (wished !== undefined) return wished > LONGEST_WISH_S ? undefined : wished * 1000 + random() * FIRST_MS;
  const whole = Math.min(MOST_MS, FIRST_MS * 2 ** (attempt - 1));
  return whole / 2 + (random() * whole) / 2;
}

/** Seconds of a Retry-After header, which may also be a date. */
function secondsOf(header: string | null): number | undefined {
  if (header === null || header === '') return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

/** Waits so many milliseconds, or rejects at once with the reason of the signal. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const stop = () => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
