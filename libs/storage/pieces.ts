import { createHash, randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { AppError } from '#libs/errors/app-error';
import type { Span } from './byte-range.js';
import type { ConfinedFolder } from './confined-folder.js';

/** A file of bytes that is written once and never changed; records name the pieces that make up their object. */
export interface Piece {
  file: string;
  size: number;
}

const BYTES = 'bytes';
const CLAIMS = 'claims';

/**
 * Keeps pieces, and lets go of them safely. Whoever makes pieces, or means to drop some, first writes a claim: the pieces
 * in question and the records (homes) that may name them, in the order in which a piece may move from one to the next. A
 * claim is settled by removing those pieces that no home names, at the end of the work or, when the process was killed, by
 * the next one to start.
 */
export class Pieces {
  constructor(
    private readonly folder: ConfinedFolder,
    private readonly namedBy: (home: string) => Promise<readonly Piece[]>,
  ) {}

  /** Does the work under a claim, and settles it whatever comes of the work. */
  async claiming<T>(homes: readonly string[], work: (claim: Claim) => Promise<T>): Promise<T> {
    const path = `${CLAIMS}/${process.pid}-${randomUUID()}.claim`;
    const claim = new Claim(this.folder, path, homes);
    try {
      return await work(claim);
    } catch (error) {
      throw isFull(error) ? diskFull(error) : error;
    } finally {
      // The work is done or has failed already; what cannot be removed now is left to the next start.
      await this.settle(path).catch(() => undefined);
    }
  }

  /** A stream of the bytes in `span`; undefined when the first piece is gone, which means that the record has changed. */
  async read(pieces: readonly Piece[], span: Span): Promise<Readable | undefined> {
    const slices = slicesOf(pieces, span);
    const [first] = slices;
    if (first === undefined) return Readable.from([], { objectMode: false });
    const opened = await this.open(first);
    if (opened === undefined) return undefined;
    const body = Readable.from(this.bytes(slices, opened), { objectMode: false });
    // A stream that is dropped before its first byte never enters the generator, so that cannot be the one to close.
    body.once('close', () => void opened.close());
    return body;
  }

  /** Settles the claims of processes that are no more, and removes what they had begun to write. */
  async sweep(): Promise<void> {
    for (const { name, isFolder } of await this.folder.entries(CLAIMS)) {
      const path = `${CLAIMS}/${name}`;
      if (isFolder || !(await this.isOrphan(path))) continue;
      if (name.endsWith('.claim')) await this.settle(path);
      else await this.folder.remove(path);
    }
  }

  private async settle(path: string): Promise<void> {
    const lines = (await this.folder.readText(path))?.split('\n') ?? [];
    // A line without its end was never finished, so what it announces was never begun.
    const words = lines.slice(0, -1).map((line) => line.split(' ') as [string, string]);
    const named = new Set<string>();
    for (const [word, home] of words)
      if (word === 'home') for (const piece of await this.namedBy(home)) named.add(piece.file);
    for (const [word, file] of words)
      if (word === 'piece' && !named.has(file)) await this.folder.remove(piecePath(file));
    await this.folder.remove(path);
  }

  private async isOrphan(path: string): Promise<boolean> {
    const pid = Number(/\/(\d+)-/.exec(path)?.[1]);
    if (pid !== process.pid) return !isAlive(pid);
    const file = await this.folder.look(path);
    return file !== undefined && file.changed.getTime() < Date.now() - process.uptime() * 1000;
  }

  private open({ file }: { file: string }): Promise<FileHandle | undefined> {
    return this.folder.open(piecePath(file));
  }

  private async *bytes(slices: readonly Slice[], first: FileHandle): AsyncGenerator<Buffer> {
    for (const [index, slice] of slices.entries()) {
      const handle = index === 0 ? first : await this.open(slice);
      if (handle === undefined) throw cutShort();
      try {
        let left = slice.length;
        const end = slice.start + slice.length - 1;
        const stream = handle.createReadStream({
          start: slice.start,
          end,
          autoClose: false,
          highWaterMark: 256 * 1024,
        });
        for await (const chunk of stream as AsyncIterable<Buffer>) {
          left -= chunk.length;
          yield chunk;
        }
        if (left !== 0) throw cutShort();
      } finally {
        await handle.close();
      }
    }
  }
}

/** The pieces that one work has made or means to drop. */
export class Claim {
  private begun = false;

  constructor(
    private readonly folder: ConfinedFolder,
    private readonly path: string,
    private readonly homes: readonly string[],
  ) {}

  /** Refuses to go on when a piece that is about to be named is not there whole. */
  async check(pieces: readonly Piece[]): Promise<void> {
    for (const { file, size } of pieces) if ((await this.folder.look(piecePath(file)))?.size !== size) throw cutShort();
  }

  /** Announces pieces that may have to go. */
  async add(pieces: readonly { file: string }[]): Promise<void> {
    const lines = [
      ...(this.begun ? [] : this.homes.map((home) => `home ${home}`)),
      ...pieces.map(({ file }) => `piece ${file}`),
    ];
    await this.folder.append(this.path, lines.map((line) => `${line}\n`).join(''));
    this.begun = true;
  }

  /** Writes the whole body as one piece, safely on the disk, and tells the etag that is known of it, else its MD5. */
  async write(body: AsyncIterable<Buffer | string> | Buffer, known?: string): Promise<{ piece: Piece; etag: string }> {
    const file = randomUUID();
    await this.add([{ file }]);
    const digest = createHash('md5');
    let size = 0;
    const handle = await this.folder.create(piecePath(file));
    try {
      await handle.writeFile(
        (async function* () {
          for await (const chunk of Buffer.isBuffer(body) ? [body] : body) {
            const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
            if (known === undefined) digest.update(bytes);
            size += bytes.length;
            yield bytes;
          }
        })(),
      );
      await handle.sync();
    } finally {
      await handle.close();
    }
    await this.folder.settleFolder(piecePath(file));
    return { piece: { file, size }, etag: known ?? digest.digest('hex') };
  }

  /** Gives the same bytes a second piece; undefined when one of them is gone. */
  async duplicate(pieces: readonly Piece[]): Promise<Piece[] | undefined> {
    const copies = pieces.map(({ size }) => ({ file: randomUUID(), size }));
    await this.add(copies);
    for (const [index, { file }] of pieces.entries())
      if (!(await this.folder.link(piecePath(file), piecePath(copies[index]!.file)))) return undefined;
    const folders = new Map(copies.map(({ file }) => [file.slice(0, 2), file]));
    for (const file of folders.values()) await this.folder.settleFolder(piecePath(file));
    return copies;
  }
}

interface Slice extends Span {
  file: string;
}

function slicesOf(pieces: readonly Piece[], { start, length }: Span): Slice[] {
  const slices: Slice[] = [];
  let before = 0;
  for (const { file, size } of pieces) {
    const from = Math.max(start, before);
    const to = Math.min(start + length, before + size);
    if (from < to) slices.push({ file, start: from - before, length: to - from });
    before += size;
  }
  return slices;
}

/** Only names that we made ourselves become paths. */
function piecePath(file: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(file))
    throw new AppError('internal', `A record names the piece ${JSON.stringify(file)}, which cannot be one of ours.`);
  return `${BYTES}/${file.slice(0, 2)}/${file}`;
}

function cutShort(): AppError {
  return new AppError(
    'internal',
    'The bytes of the object ended too early: it was replaced while it was read, or its file is damaged.',
  );
}

function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function diskFull(cause: unknown): AppError {
  return new AppError('unavailable', 'The disk that holds the objects is full. Make room under DATA_DIR.', undefined, {
    cause,
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
