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
import type { LinkName } from '#libs/contracts/media-carrying';
import { REVIEWS, type BundledConversation } from '#libs/contracts/projects-bundled-reviews';
import { COMMITS, MANIFEST, MEDIA_FOLDER, type BundleManifest } from '#libs/contracts/projects-bundles';
import { AppError } from '#libs/errors/app-error';
import { linksNamedIn } from '#libs/media/asset-link';
import { readNodes } from '../objects/object-store.js';
import { BUNDLE_LIMITS, FILE_TARGET_BYTES } from './bundle-limits.js';
import type { Selection } from './selection.js';

const compress = promisify(zlib.zstdCompress);
const READ_AT_ONCE = 200;

type About = Omit<BundleManifest, 'prerequisites' | 'commits' | 'objects' | 'files' | 'media' | 'media_included'>;
/** Says what stands behind links, and opens the bytes of those contents that are to go along, by hash. */
export interface MediaOfBundle {
  describe(links: LinkName[]): Promise<BundleManifest['media']>;
  include?(media: BundleManifest['media']): Promise<Map<string, () => Promise<Readable>>>;
}
type File = BundleManifest['files'][number];

/**
 * Writes a bundle: the manifest, then the files it lists. The parts lie in a folder of their own until they are read, and
 * `discard` takes that away.
 */
export async function writeBundle(
  manager: EntityManager,
  { conversations, ...about }: About & { conversations: readonly BundledConversation[] },
  { commits, prerequisites, objects }: Selection,
  mediaOf: MediaOfBundle,
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
    if (conversations.length > 0)
      await spool(REVIEWS, conversations.map((conversation) => `${JSON.stringify(conversation)}\n`).join(''));
    let text = '';
    let total = 0;
    const links = new Map<string, LinkName>();
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
        for (const link of linksNamedIn(node)) links.set(`${link.asset_id}/${link.key}`, link);
        if (text.length >= FILE_TARGET_BYTES) await flush();
      }
    await flush();
    const media = await mediaOf.describe([...links.values()]);
    const bytes = (await mediaOf.include?.(media)) ?? new Map<string, () => Promise<Readable>>();
    const counts = { commits: commits.length, objects: objects.length };
    const manifest = { ...about, prerequisites, ...counts, files, media, media_included: [...bytes.keys()] };
    return { manifest, body: Readable.from(tarOf(folder, manifest, bytes), { objectMode: false }), discard };
  } catch (thrown) {
    await discard();
    throw thrown;
  }
}

async function* tarOf(
  folder: string,
  manifest: BundleManifest,
  bytes: ReadonlyMap<string, () => Promise<Readable>>,
): AsyncGenerator<Buffer> {
  const pack = tar.pack();
  const writing = (async () => {
    const first = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
    pack.entry({ name: MANIFEST, mtime: new Date(manifest.made_at) }, first);
    for (const { path, size } of manifest.files) {
      await pour(
        createReadStream(join(folder, path)),
        pack.entry({ name: path, size, mtime: new Date(manifest.made_at) }),
      );
    }
    for (const [sha256, open] of bytes) {
      const { size } = manifest.media.find((one) => one.sha256 === sha256)!;
      const name = `${MEDIA_FOLDER}${sha256}`;
      await pour(await open(), pack.entry({ name, size, mtime: new Date(manifest.made_at) }));
    }
    pack.finalize();
  })();
  writing.catch((error: unknown) => pack.destroy(error as Error));
  yield* pack as AsyncIterable<Buffer>;
  await writing;
}

function pour(source: Readable, entry: ReturnType<tar.Pack['entry']>): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    entry.on('finish', resolve).on('error', reject);
    source.on('error', reject).pipe(entry);
  });
}
