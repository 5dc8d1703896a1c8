import { answerWith } from './answer.js';

const PATIENCE_MS = 10_000;

/**
 * The bytes behind a link into the object store, streamed on as they come, with these headers: whoever asked follows no redirects, or
 * is a cache that shall keep the bytes and no link that runs out. Where the store cannot be reached from here, the asker is sent there.
 */
export async function passedOn(link: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  const gaveUp = new AbortController();
  const timer = setTimeout(() => gaveUp.abort(), PATIENCE_MS);
  try {
    const sent = await fetch(link, { headers: { 'accept-encoding': 'identity' }, signal: gaveUp.signal });
    const length = sent.headers.get('content-length');
    if (sent.ok && sent.body)
      return new Response(sent.body, { headers: { ...headers, ...(length !== null && { 'content-length': length }) } });
    await sent.body?.cancel();
  } catch {
    // Below, the asker is told where the bytes are.
  } finally {
    clearTimeout(timer);
  }
  return answerWith({ status: 302, headers: { location: link, 'cache-control': 'no-store' } });
}
