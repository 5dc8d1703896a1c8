import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { EntityManager } from 'typeorm';
import type { Document } from '#libs/timeline/document';
import { parseExact } from '#libs/timeline/exact-json';
import { readDocument, readDocuments } from '../objects/documents.js';

export type { Document } from '#libs/timeline/document';

const compress = promisify(zlib.zstdCompress);
const decompress = promisify(zlib.zstdDecompress);

/** The JSON text of a document compressed, and the document of such a body; numbers and key order survive. */
export const pack = (text: string): Promise<Buffer> => compress(Buffer.from(text));
export const unpack = async (body: Buffer): Promise<Document> =>
  parseExact((await decompress(body)).toString()) as Document;

/** The hash of the tree of a commit that is known to exist. Commits never change, so it is asked for once. */
export async function treeOfCommit(manager: EntityManager, commitId: string): Promise<string> {
  const trees = treesOf(manager.connection);
  const known = trees.get(commitId);
  if (known !== undefined) return known;
  const [row] = await manager.query<{ tree: string }[]>(
    `select encode(t.sha256, 'hex') as tree from commits c join objects t on t.seq = c.tree_seq where c.id = $1`,
    [commitId],
  );
  rememberTree(manager, commitId, row!.tree);
  return row!.tree;
}

/** Keeps in mind what tree a commit has. */
export function rememberTree(manager: EntityManager, commitId: string, tree: string): void {
  const trees = treesOf(manager.connection);
  if (trees.size >= MOST_TREES) trees.clear();
  trees.set(commitId, tree);
}

const MOST_TREES = 50_000;
const memories = new WeakMap<object, Map<string, string>>();

function treesOf(database: object): Map<string, string> {
  const known = memories.get(database) ?? new Map<string, string>();
  memories.set(database, known);
  return known;
}

/** The snapshots of several commits that are known to exist; what they share is one object in all, and must not be changed. */
export async function snapshotsOf(manager: EntityManager, commitIds: readonly string[]): Promise<Document[]> {
  const trees: string[] = [];
  for (const id of commitIds) trees.push(await treeOfCommit(manager, id));
  return readDocuments(manager, trees);
}

/** The snapshot of a commit that is known to exist. */
export async function snapshotOf(manager: EntityManager, commitId: string): Promise<Document> {
  return readDocument(manager, await treeOfCommit(manager, commitId));
}
