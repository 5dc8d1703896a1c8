import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '#libs/errors/app-error';
import type { Document } from '#libs/timeline/document';
import type { Conflict } from '#libs/timeline/merge/conflict';
import type { Versions } from '#libs/timeline/merge/versions';
import { changeTree } from '#libs/timeline/objects/change-tree';
import type { Change } from '#libs/timeline/objects/change-value';
import { mergeTrees } from '#libs/timeline/objects/merge-trees';
import type { ReadNodes } from '#libs/timeline/objects/node';
import { pairNodes } from '#libs/timeline/objects/pair-nodes';
import { countFields, readDocuments as putTogether } from '#libs/timeline/objects/read-documents';
import { writeDocument as takeApart } from '#libs/timeline/objects/write-document';
import { holdNodes } from './hold-nodes.js';
import { knownChanges, knownTree, rememberNodes } from './known-change.js';
import { keepNodes, readNodes } from './object-store.js';

const LONGEST_BY_DEFAULT = 64 * 2 ** 20;
const limits = new WeakMap<object, number>();

/** Says how long a document of a database may be, in characters of canonical text: what cannot be read in one piece cannot be merged. */
export function limitDocuments(database: DataSource, longest: number): void {
  limits.set(database, longest);
}

/** The longest document that is kept in this database. */
export const longestDocument = ({ connection }: EntityManager): number => limits.get(connection) ?? LONGEST_BY_DEFAULT;

/** The document of a tree (a lower-case hex hash that a commit names); `internal` when it is not kept. */
export async function readDocument(manager: EntityManager, hash: string): Promise<Document> {
  return (await readDocuments(manager, [hash]))[0]!;
}

/** Several at once; what they share is the same object in all of them, so they must not be changed. */
export function readDocuments(manager: EntityManager, hashes: readonly string[]): Promise<Document[]> {
  return putTogether((nodes) => readNodes(manager, nodes), hashes);
}

/** A document that is kept: the hash of its tree, and how many sections it has. */
export interface KeptTree {
  tree: string;
  sections: number;
}

/**
 * Keeps what a kept document becomes by changes; costs what changes, however long the document is. `invalid` when there
 * is nothing where one of them wants to change, or when the document gets too long.
 */
export async function writeChanges(
  manager: EntityManager,
  before: string | null,
  changes: readonly Change[],
): Promise<KeptTree> {
  const from = before ?? (await writeDocument(manager, {}));
  const read: ReadNodes = (nodes) => readNodes(manager, nodes);
  const { tree, size, nodes } = await changeTree(read, from, changes);
  refuseTooLong(size, longestDocument(manager));
  await keepNodes(manager, nodes, [from]);
  return { tree, sections: await countFields(read, tree) };
}

/**
 * Merges kept documents over a kept base and keeps the result, reading and writing only what differs; with conflicts
 * nothing is kept.
 */
export async function mergeKept(
  manager: EntityManager,
  trees: Versions<string>,
): Promise<{ conflicts: Conflict[]; kept: KeptTree | null }> {
  const read: ReadNodes = (nodes) => readNodes(manager, nodes);
  const { tree, nodes, open: conflicts } = await mergeTrees(read, trees);
  if (conflicts.length > 0) return { conflicts, kept: null };
  await keepNodes(manager, nodes);
  return { conflicts, kept: { tree, sections: await countFields(read, tree) } };
}

/**
 * Keeps a document and gives the hash of its tree, which only the content decides. With `like`, the tree that it came
 * from, only what differs is looked at and kept. A document longer than the limit is `invalid`, for the reason `too_large`.
 */
export async function writeDocument(
  manager: EntityManager,
  document: Document,
  { like = null, longest = longestDocument(manager) }: { like?: string | null; longest?: number } = {},
): Promise<string> {
  const isKept = like !== null && (await holdNodes(manager, [like])).whole.has(like);
  const known = isKept ? await knownTree(manager, like, document) : undefined;
  const written = known ?? takeApart(document);
  refuseTooLong(written.size, longest);
  if (!known) rememberNodes(manager, written);
  const fresh = known || !isKept ? written.nodes : await pairNodes((nodes) => readNodes(manager, nodes), like, written);
  await keepNodes(manager, fresh);
  return written.tree;
}

/** Whether a tree is that of a document, which need not be kept. */
export async function isTreeOf(manager: EntityManager, tree: string | undefined, document: Document): Promise<boolean> {
  if (tree === undefined) return false;
  const changes = await knownChanges(manager, tree, document);
  if (changes) return changes.length === 0;
  const written = takeApart(document);
  rememberNodes(manager, written);
  return written.tree === tree;
}

export function refuseTooLong(size: number, longest: number): void {
  if (size <= longest) return;
  throw new AppError('invalid', `The document has ${size} characters; at most ${longest} are kept in one.`, {
    reason: 'too_large',
    size,
    limit: longest,
  });
}
