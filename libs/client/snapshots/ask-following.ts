import { AppError } from '#libs/errors/app-error';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST = 5;

/**
 * Asks for a file that is verified by what it holds, so that it may come from wherever the host sends one; what was asked for by
 * https is never asked for by http.
 */
export async function askFollowing(ask: typeof fetch, url: string, init: RequestInit): Promise<Response> {
  let at = url;
  for (let hops = 0; hops <= MOST; hops++) {
    const answer = await ask(at, { ...init, redirect: 'manual' });
    // A browser does not say where to, and has to follow by itself.
    if (answer.type === 'opaqueredirect') return keptPrivate(await ask(at, { ...init, redirect: 'follow' }), at);
    if (!REDIRECTS.has(answer.status)) return answer;
    await answer.body?.cancel();
    const next = URL.parse(answer.headers.get('location') ?? '', at);
    if (next === null || !/^https?:$/.test(next.protocol))
      throw new AppError('unavailable', `${at} redirects to no address that can be asked.`);
    requirePrivacy(at, next.href);
    at = next.href;
  }
  throw new AppError('unavailable', `${url} redirects more than ${MOST} times.`);
}

function keptPrivate(answer: Response, url: string): Response {
  requirePrivacy(url, answer.url);
  return answer;
}

function requirePrivacy(from: string, to: string): void {
  if (from.startsWith('https:') && to.startsWith('http:'))
    throw new AppError('unavailable', `${from} redirects to ${to}: from https nothing is followed to http.`);
}
