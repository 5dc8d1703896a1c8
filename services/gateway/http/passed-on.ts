import { answerWith } from './answer.js';

const PATIENCE_MS = 10_000;

/** A part of a file, and the length of the whole. */
export interface Part {
  readonly start: number;
  readonly length: number;
  readonly size: number;
}

export const contentRange = ({ start, length, size }: Part): string => `bytes ${start}-${start + length - 1}/${size}`;

/**
 * The bytes behind a link into the object store, streamed on as they come, with these headers: whoever asked follows no redirects, or
 * is a cache that shall keep the bytes and no link that runs out. Where the store cannot be reached from here, the asker is sent there.
 * Of a part no more is fetched than that.
 */
export async function passedOn(
  link: string,
  headers: Readonly<Record<string, string>>,
  part?: Part,
): Promise<Response> {
  const gaveUp = new AbortController();
  const timer = setTimeout(() => gaveUp.abort(), PATIENCE_MS);
  try {
    const range = part && { range: `bytes=${part.start}-${part.start + part.length - 1}` };
    const sent = await fetch(link, { headers: { 'accept-encoding': 'identity', ...range }, signal: gaveUp.signal });
    const length = sent.headers.get('content-length');
    if (sent.ok && sent.body)
      return new Response(sent.body, {
        // A store may send the whole where a part was asked for, and so may we.
        status: part && sent.status === 206 ? 206 : 200,
        headers: {
          ...headers,
          ...(length !== null && { 'content-length': length }),
          ...(part && sent.status === 206 && { 'content-range': contentRange(part) }),
        },
      });
    await sent.body?.cancel();
  } catch {
    // Below, the asker is told where the bytes are.
  } finally {
    clearTimeout(timer);
  }
  return answerWith({ status: 302, headers: { location: link, 'cache-control': 'no-store' } });
}
