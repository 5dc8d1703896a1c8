import { AppError } from '#libs/errors/app-error';
import { changeTree } from './change-tree.js';
import type { Change } from './change-value.js';
import { changesBetween } from './changes-between.js';
import type { ReadNodes } from './node.js';
import { readDifference } from './read-difference.js';

/**
 * The changes that make one kept document another, tried out; reads what differs between them, however long they are.
 * Undefined where it takes more changes than are wished, or where a part has not the shape to be told of by changes.
 */
export async function changesOfTrees(
  read: ReadNodes,
  { from, to, most }: { from: string; to: string; most: number },
): Promise<Change[] | undefined> {
  if (from === to) return [];
  const [before, after] = await readDifference(read, [from, to]);
  const changes = changesBetween(before!, after!);
  if (changes.length === 0 || changes.length > most) return undefined;
  return (await makes(read, from, changes)) === to ? changes : undefined;
}

async function makes(read: ReadNodes, from: string, changes: readonly Change[]): Promise<string | undefined> {
  try {
    return (await changeTree(read, from, changes)).tree;
  } catch (error) {
    if (AppError.from(error).code === 'invalid') return undefined;
    throw error;
  }
}
