import type { Document } from '../document.js';
import { mayRipple } from '../merge/shots/align-ripples.js';
import { isRead, placedAs, tracksIn, type Still } from '../merge/shots/row-times.js';
import type { Versions } from '../merge/versions.js';
import type { ReadNodes } from './node.js';
import { readPaths } from './read-paths.js';

/**
 * Of the tracks on which both sides changed when something is, all that is the same in the versions and was not read with
 * what differs: who is pushed along a track can only be told from what is before it. Nothing where nobody can be.
 */
export async function readStill(
  read: ReadNodes,
  tree: string,
  differences: Versions<Document>,
): Promise<Still | undefined> {
  if (!mayRipple(differences)) return undefined;
  const tracks = [...tracksIn(differences.base)];
  const found = await readPaths(
    read,
    tree,
    tracks.map(([row]) => ['editorData', row, 'actions']),
  );
  const still = new Map<string, NonNullable<ReturnType<typeof placedAs>>[]>();
  for (const [at, [row, actions]] of tracks.entries()) {
    const known = new Set(actions.filter(isRead).map(({ id }) => id));
    const others = (Array.isArray(found[at]) ? (found[at] as unknown[]) : [])
      .filter((action) => !known.has((action as Document).id))
      .map(placedAs);
    if (others.every((one) => one !== undefined)) still.set(row, others);
  }
  return still;
}
