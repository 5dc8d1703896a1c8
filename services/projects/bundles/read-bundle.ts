import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import tar from 'tar-stream';
import type { z } from 'zod';
import { BundledConversation, REVIEWS } from '#libs/contracts/projects-bundled-reviews';
import { BundledCommit, BundleManifest, COMMITS, MANIFEST, MEDIA_FOLDER } from '#libs/contracts/projects-bundles';
import { AppError } from '#libs/errors/app-error';
import { hashOfNode } from '#libs/timeline/objects/node';
import { BUNDLE_LIMITS, refusedBundle } from './bundle-limits.js';

const decompress = promisify(zlib.zstdDecompress);

export interface ReadBundle {
  manifest: BundleManifest;
  commits: BundledCommit[];
  /** What was said of its merge requests. */
  conversations: BundledConversation[];
  /** Texts by their true hashes. */
  objects: Map<string, string>;
}

/**
 * Reads a bundle, and believes nothing: names other than those the manifest lists, other sizes, other hashes, links, more
 * than is allowed once unpacked, all are refused with the reason. Nothing of it touches the disk.
 */
export async function readBundle(
  source: Readable,
  takeMedia: (media: BundleManifest['media'][number], body: Readable) => Promise<void> = refuseMedia,
): Promise<ReadBundle> {
  const extract = tar.extract();
  source.on('error', (error) => extract.destroy(error));
  source.pipe(extract);
  let manifest: BundleManifest | undefined;
  let commits: BundledCommit[] = [];
  let conversations: BundledConversation[] = [];
  const objects = new Map<string, string>();
  let place = 0;
  try {
    for await (const entry of extract) {
      const { name, type, size = 0 } = entry.header;
      if (type !== 'file') throw refusedBundle(`${quoted(name)} is not a plain file`);
      if (!manifest) {
        if (name !== MANIFEST) throw refusedBundle(`it begins with ${quoted(name)} instead of ${MANIFEST}`);
        manifest = parsed(
          BundleManifest,
          (await bytesOf(entry, size, BUNDLE_LIMITS.manifest_bytes)).toString(),
          MANIFEST,
        );
        requirePlausible(manifest);
        continue;
      }
      if (place >= manifest.files.length) {
        const sha256 = manifest.media_included[place++ - manifest.files.length];
        const media = manifest.media.find((one) => one.sha256 === sha256);
        if (!media || name !== `${MEDIA_FOLDER}${sha256}`)
          throw refusedBundle(`${quoted(name)} is not the file that the manifest lists here`);
        if (media.size !== size) throw refusedBundle(`${name} is not of the size that the manifest says`);
        await takeMedia(media, Readable.from(entry, { objectMode: false }));
        continue;
      }
      const file = manifest.files[place++];
      if (file?.path !== name) throw refusedBundle(`${quoted(name)} is not the file that the manifest lists here`);
      if (file.size !== size) throw refusedBundle(`${name} is not of the size that the manifest says`);
      const packed = await bytesOf(entry, size, BUNDLE_LIMITS.file_bytes);
      if (createHash('sha256').update(packed).digest('hex') !== file.sha256)
        throw refusedBundle(`${name} has another hash than the manifest says`);
      const lines = linesOf(await unpacked(packed, file.raw_size, name), name);
      if (name === COMMITS) commits = lines.map((line) => parsed(BundledCommit, line, name));
      else if (name === REVIEWS) conversations = lines.map((line) => parsed(BundledConversation, line, name));
      else for (const line of lines) objects.set(hashOfNode(line), line);
    }
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    if (/tar|header|checksum|Unexpected end/i.test((thrown as Error).message))
      throw refusedBundle('it is not a whole tar');
    throw thrown;
  } finally {
    source.destroy();
  }
  if (!manifest) throw refusedBundle('it is empty');
  if (place !== manifest.files.length + manifest.media_included.length)
    throw refusedBundle('it ends before all files that the manifest lists');
  if (commits.length !== manifest.commits)
    throw refusedBundle('it has another number of commits than the manifest says');
  if (objects.size !== manifest.objects) throw refusedBundle('it has another number of objects than the manifest says');
  return { manifest, commits, conversations, objects };
}

function refuseMedia(): Promise<void> {
  return Promise.reject(refusedBundle('it has media in it, which were not asked for'));
}

function requirePlausible({ files, media, media_included }: BundleManifest): void {
  if (files[0]?.path !== COMMITS) throw refusedBundle(`the manifest must list ${COMMITS} first`);
  if (new Set(files.map(({ path }) => path)).size < files.length)
    throw refusedBundle('the manifest lists a file twice');
  if (new Set(media_included).size < media_included.length) throw refusedBundle('the manifest lists media twice');
  if (new Set(media.map(({ asset_id, key }) => `${asset_id}/${key}`)).size < media.length)
    throw refusedBundle('the manifest lists a link twice');
  if (files.some(({ raw_size }) => raw_size > BUNDLE_LIMITS.file_bytes))
    throw refusedBundle('one of its files is too large');
  if (files.reduce((sum, { raw_size }) => sum + raw_size, 0) > BUNDLE_LIMITS.text_bytes)
    throw refusedBundle('it is too large once unpacked');
}

async function bytesOf(entry: AsyncIterable<unknown>, size: number, most: number): Promise<Buffer> {
  if (size > most) throw refusedBundle('one of its files is too large');
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Unpacks to exactly the size that was said, and stops before it is more. */
async function unpacked(packed: Buffer, size: number, name: string): Promise<string> {
  try {
    const raw = await decompress(packed, { maxOutputLength: Math.max(1, size) });
    if (raw.length === size) return raw.toString();
  } catch {
    throw refusedBundle(`${name} cannot be unpacked to the size that the manifest says`);
  }
  throw refusedBundle(`${name} unpacks to another size than the manifest says`);
}

function linesOf(text: string, name: string): string[] {
  if (text === '') return [];
  if (!text.endsWith('\n')) throw refusedBundle(`${name} breaks off`);
  return text.slice(0, -1).split('\n');
}

function parsed<Schema extends z.ZodType>(schema: Schema, text: string, name: string): z.output<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refusedBundle(`${name} is not JSON`);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw refusedBundle(`${name} is not as it should be at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`);
}

const quoted = (name: string) => JSON.stringify(name.slice(0, 100));
