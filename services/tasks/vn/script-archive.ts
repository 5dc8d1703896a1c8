import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { AppError } from '#libs/errors/app-error';

/** A script, by its name or its path in an archive. */
export interface ScriptFile {
  name: string;
  bytes: Buffer;
}

const MOST_FILES = 2000;
const MOST_BYTES = 64 * 1024 * 1024;
const SCRIPT = /\.(rpy|rpym|ks|txt|scn|tjs)$/i;

/** The scripts in a file, which is one itself or a zip archive of them; `invalid` where there is none, or too much. */
export async function scriptsAt(path: string, name: string): Promise<ScriptFile[]> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read({ buffer: Buffer.alloc(4), position: 0 });
    if (!buffer.equals(ZIP)) {
      if (size > MOST_BYTES) throw new AppError('invalid', `${name} is longer than a script of ${MOST_BYTES} bytes.`);
      return [{ name, bytes: await file.readFile() }];
    }
  } finally {
    await file.close();
  }
  const { scripts } = await scriptsInZip(path);
  if (scripts.length === 0) throw new AppError('invalid', 'There is no script in this archive.');
  return scripts;
}

const ZIP = Buffer.from('504b0304', 'hex');

/**
 * The scripts of a zip archive, in the order of their paths. Sizes are counted while unpacking, whatever the archive says
 * of them; how many files are no scripts is told in `skipped`.
 */
export async function scriptsInZip(path: string): Promise<{ scripts: ScriptFile[]; skipped: number }> {
  const zip = await opened(path);
  const scripts: ScriptFile[] = [];
  let [skipped, total, seen] = [0, 0, 0];
  try {
    for await (const entry of entries(zip)) {
      if (++seen > MOST_FILES)
        throw new AppError('invalid', `An archive of more than ${MOST_FILES} files is not read.`);
      const name = entry.fileName;
      if (name.endsWith('/')) continue;
      if (!SCRIPT.test(name) || entry.isEncrypted()) {
        skipped++;
        continue;
      }
      const content = await contentOf(zip, entry, MOST_BYTES - total);
      total += content.length;
      scripts.push({ name, bytes: content });
    }
  } finally {
    zip.close();
  }
  return { scripts: scripts.toSorted((a, b) => (a.name < b.name ? -1 : 1)), skipped };
}

function opened(path: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) =>
    yauzl.open(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, zip) =>
      error ? reject(broken(error)) : resolve(zip),
    ),
  );
}

async function* entries(zip: yauzl.ZipFile): AsyncGenerator<yauzl.Entry> {
  for (;;) {
    const entry = await new Promise<yauzl.Entry | undefined>((resolve, reject) => {
      const settled = (work: () => void) => () => {
        zip.removeAllListeners();
        work();
      };
      zip.once('entry', (one: yauzl.Entry) => settled(() => resolve(one))());
      zip.once(
        'end',
        settled(() => resolve(undefined)),
      );
      zip.once('error', (error: Error) => settled(() => reject(broken(error)))());
      zip.readEntry();
    });
    if (!entry) return;
    yield entry;
  }
}

async function contentOf(zip: yauzl.ZipFile, entry: yauzl.Entry, most: number): Promise<Buffer> {
  const stream = await new Promise<Readable>((resolve, reject) =>
    zip.openReadStream(entry, (error, readable) => (error ? reject(broken(error)) : resolve(readable))),
  );
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > most) throw new AppError('invalid', `The scripts of an archive are longer than ${MOST_BYTES} bytes.`);
      chunks.push(chunk);
    }
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : broken(thrown as Error);
  }
  return Buffer.concat(chunks);
}

const broken = (cause: Error): AppError =>
  new AppError('invalid', `The archive cannot be read: ${cause.message}.`, undefined, { cause });
