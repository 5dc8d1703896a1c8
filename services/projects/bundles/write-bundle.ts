import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import tar from 'tar-stream';
import type { EntityManager } from 'typeorm';
import { COMMITS, MANIFEST, type BundleManifest } from '#libs/contracts/projects-bundles';
import { AppError } from '#libs/errors/app-error';
import { readNodes } from '../objects/object-store.js';
import { BUNDLE_LIMITS, FILE_TARGET_BYTES } from './bundle-limits.js';
import type { Selection } from './selection.js';

const compress = promisify(zlib.zstdCompress);
const READ_AT_ONCE = 200;

type About = Omit<BundleManifest, 'prerequisites' | 'commits' | 'objects' | 'files'>;
type File = BundleManifest['files'][number];

/**
 * Writes a bundle: the manifest, then the files it lists. The parts lie in a folder of their own until they are read, and
 * `discard` takes that away.
 */
export async function writeBundle(
  manager: EntityManager,
  about: About,
  { commits, prerequisites, objects }: Selection,
): Promise<{ manifest: BundleManifest; body: Readable; discard(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  const discard = () => rm(folder, { recursive: true, force: true });
  try {
    const files: File[] = [];
    const spool = async (path: string, raw: string) => {
      const packed = await compress(Buffer.from(raw));
      await writeFile(join(folder, path), packed);
      const sha256 = createHash('sha256').update(packed).digest('hex');
      files.push({ path, size: packed.length, raw_size: Buffer.byteLength(raw), sha256 });
    };
    await spool(COMMITS, commits.map((commit) => `${JSON.stringify(commit)}\n`).join(''));
    let text = '';
    let total = 0;
    const flush = async () => {
      if (text !== '') await spool(`objects-${String(files.length).padStart(5, '0')}.jsonl.zst`, text);
      total += text.length;
      text = '';
      if (total > BUNDLE_LIMITS.text_bytes)
        throw new AppError(
          'conflict',
          'This is too much for one bundle; export single branches, or what was added since.',
        );
    };
    for (let at = 0; at < objects.length; at += READ_AT_ONCE)
      for (const node of (await readNodes(manager, objects.slice(at, at + READ_AT_ONCE))).values()) {
        text += `${node}\n`;
        if (text.length >= FILE_TARGET_BYTES) await flush();
      }
    await flush();
    const manifest = { ...about, prerequisites, commits: commits.length, objects: objects.length, files };
    return { manifest, body: Readable.from(tarOf(folder, manifest), { objectMode: false }), discard };
  } catch (thrown) {
    await discard();
    throw thrown;
  }
}

async function* tarOf(folder: string, manifest: BundleManifest): AsyncGenerator<Buffer> {
  const pack = tar.pack();
  const writing = (async () => {
    const first = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
    pack.entry({ name: MANIFEST, mtime: new Date(manifest.made_at) }, first);
    for (const { path, size } of manifest.files) {
      const entry = pack.entry({ name: path, size, mtime: new Date(manifest.made_at) });
      await new Promise<void>((resolve, reject) => {
        entry.on('finish', resolve).on('error', reject);
        createReadStream(join(folder, path)).on('error', reject).pipe(entry);
      });
    }
    pack.finalize();
  })();
  writing.catch((error: unknown) => pack.destroy(error as Error));
  yield* pack as AsyncIterable<Buffer>;
  await writing;
}
