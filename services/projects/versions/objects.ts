import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { EntityManager } from 'typeorm';
import { contentHash } from '#libs/timeline/canonical-json';
import { parseExact } from '#libs/timeline/exact-json';

export type Document = Record<string, unknown>;

const compress = promisify(zlib.zstdCompress);
const decompress = promisify(zlib.zstdDecompress);

/** A document as compressed JSON text; numbers and key order survive. */
export const pack = (document: Document): Promise<Buffer> => compress(Buffer.from(JSON.stringify(document)));
export const unpack = async (body: Buffer): Promise<Document> =>
  parseExact((await decompress(body)).toString()) as Document;

/** Keeps a document under the hash of its content, once however often it comes; gives the hash. */
export async function storeObject(manager: EntityManager, document: Document): Promise<string> {
  const hash = contentHash(document);
  const known = await manager.query<unknown[]>('select 1 from objects where hash = $1', [hash]);
  if (known.length > 0) return hash;
  const body = await pack(document);
  await manager.query('insert into objects (hash, size, body) values ($1, $2, $3) on conflict (hash) do nothing', [
    hash,
    Buffer.byteLength(JSON.stringify(document)),
    body,
  ]);
  return hash;
}

/** The snapshot of a commit that is known to exist. */
export async function snapshotOf(manager: EntityManager, commitId: string): Promise<Document> {
  const [row] = await manager.query<{ body: Buffer }[]>(
    'select o.body from commits c join objects o on o.hash = c.object_hash where c.id = $1',
    [commitId],
  );
  return unpack(row!.body);
}
