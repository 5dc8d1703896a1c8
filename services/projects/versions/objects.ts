import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { EntityManager } from 'typeorm';
import type { Document } from '#libs/timeline/document';
import { parseExact } from '#libs/timeline/exact-json';
import { readDocument } from '../objects/documents.js';

export type { Document } from '#libs/timeline/document';

const compress = promisify(zlib.zstdCompress);
const decompress = promisify(zlib.zstdDecompress);

/** A document as compressed JSON text; numbers and key order survive. */
export const pack = (document: Document): Promise<Buffer> => compress(Buffer.from(JSON.stringify(document)));
export const unpack = async (body: Buffer): Promise<Document> =>
  parseExact((await decompress(body)).toString()) as Document;

/** The hash of the tree of a commit that is known to exist. */
export async function treeOfCommit(manager: EntityManager, commitId: string): Promise<string> {
  const [row] = await manager.query<{ tree: string }[]>(
    `select encode(tree, 'hex') as tree from commits where id = $1`,
    [commitId],
  );
  return row!.tree;
}

/** The snapshot of a commit that is known to exist. */
export async function snapshotOf(manager: EntityManager, commitId: string): Promise<Document> {
  return readDocument(manager, await treeOfCommit(manager, commitId));
}
