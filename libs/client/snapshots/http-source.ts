import { AppError } from '#libs/errors/app-error';
import { sha256, utf8 } from '#libs/snapshot/canonical-text';
import { PATHS } from '#libs/snapshot/documents';
import { ASKED } from '#libs/snapshot/snapshot-state';
import type { FileStream, SnapshotDisk, SnapshotSource } from '#libs/snapshot/world';
import { isFromElsewhere } from '../browser/page-origin.js';
import { askFollowing } from './ask-following.js';

/** Some hosts answer 403 for a file that is not there, so as not to tell what is. */
const ABSENT = new Set([403, 404, 410]);
const PACKED = /\.(?:gz|br)$/;

interface Asked {
  url: string;
  etag: string;
  text: string;
  sha256: string;
}

export interface HttpSourceOptions {
  /** Remembers the pointer and its tag here, so that a host without news answers 304 and sends nothing. */
  remember?: SnapshotDisk | undefined;
  fetch?: typeof fetch | undefined;
  /** The origin of the page that asks; that of this one when absent, and nothing outside of a browser. */
  page?: string | undefined;
}

/** Snapshots of any static host, or of a gateway's `/snap/`; an unreachable or broken one is `unavailable`. */
export function httpSource(base: string, options: HttpSourceOptions = {}): HttpSource {
  const { remember, fetch: ask = (...wish) => fetch(...wish), page } = options;
  const url = URL.parse(base.endsWith('/') ? base : `${base}/`);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new AppError(
      'invalid',
      `${base} is not the address of a host of snapshots. It looks like https://snap.example.org`,
    );
  // To a page of elsewhere a host would first have to allow the header with the tag, which a plain static one does not know of;
  // there the browser's own cache asks whether there is news.
  return new HttpSource(url, ask, isFromElsewhere(url.href, page) ? undefined : remember);
}

export class HttpSource implements SnapshotSource {
  /** Whether what a cache holds of the pointer was refused. */
  private isSpoiled = false;

  constructor(
    private readonly base: URL,
    private readonly ask: typeof fetch,
    private readonly disk: SnapshotDisk | undefined,
  ) {}

  async open(path: string, signal: AbortSignal): Promise<FileStream | undefined> {
    const url = new URL(path, this.base).href;
    const known = path === PATHS.pointer ? await this.asked(url) : undefined;
    const headers = known && { 'if-none-match': known.etag };
    const cache = this.cacheFor(path);
    const init = { signal, cache, ...(headers && { headers }) };
    const answer = await askFollowing(this.ask, url, init).catch((cause: unknown) => {
      if (cause instanceof AppError) throw cause;
      throw new AppError('unavailable', `${url} cannot be reached.`, undefined, { cause });
    });
    if (known && answer.status === 304) return Object.assign(once(utf8(known.text)), { kept: true as const });
    if (ABSENT.has(answer.status)) return undefined;
    if (!answer.ok || !answer.body)
      throw new AppError('unavailable', `${url} answered ${answer.status}. Try again later.`);
    const chunks = chunksOf(answer.body);
    const etag = answer.headers.get('etag');
    if (path === PATHS.pointer && etag !== null) return this.remembering(chunks, { url, etag });
    // A host that gives a packed file the header of what is packed on its way: `fetch` has undone that.
    const isUndone = PACKED.test(path) && answer.headers.has('content-encoding');
    return isUndone ? Object.assign(chunks, { unpacked: true as const }) : chunks;
  }

  /** Forgets what it remembers, as when that was refused. */
  async forget(): Promise<void> {
    this.isSpoiled = true;
    await this.disk?.remove(ASKED);
  }

  /** A browser's cache is asked for the pointer alone: what else there is, is kept in the store, and the cache might spoil it. */
  private cacheFor(path: string): 'no-cache' | 'reload' | 'no-store' {
    if (path !== PATHS.pointer) return 'no-store';
    const mode = this.isSpoiled ? 'reload' : 'no-cache';
    this.isSpoiled = false;
    return mode;
  }

  private async asked(url: string): Promise<Asked | undefined> {
    const bytes = await this.disk?.read(ASKED);
    if (!bytes) return undefined;
    try {
      const known = JSON.parse(new TextDecoder().decode(bytes)) as Asked;
      return known.url === url && (await sha256(utf8(known.text))) === known.sha256 ? known : undefined;
    } catch {
      return undefined;
    }
  }

  private async *remembering(chunks: FileStream, { url, etag }: Pick<Asked, 'url' | 'etag'>): FileStream {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of chunks) {
      text += decoder.decode(chunk, { stream: true });
      yield chunk;
    }
    const asked: Asked = { url, etag, text, sha256: await sha256(utf8(text)) };
    await this.disk?.write(ASKED, utf8(JSON.stringify(asked)));
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
