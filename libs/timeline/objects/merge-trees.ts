import type { Document } from '../document.js';
import { valueAt, withValuesAt } from '../merge/at-path.js';
import type { Path } from '../merge/conflict.js';
import { mergeResolved, type NamedConflict, type ResolvedMerge } from '../merge/merge-resolved.js';
import type { Resolution } from '../merge/settle-conflict.js';
import { contextOf } from '../merge/shots/context.js';
import { joinedCuts, type JoinedCut } from '../merge/shots/joined-cuts.js';
import { each, type Versions } from '../merge/versions.js';
import { changeTree } from './change-tree.js';
import { changesBetween } from './changes-between.js';
import type { FreshNode, ReadNodes } from './node.js';
import { readDifference } from './read-difference.js';
import { readDocuments } from './read-documents.js';
import { readPaths } from './read-paths.js';
import { readStill } from './read-still.js';

/** What merging kept documents comes to. */
export interface TreeMerge extends Pick<ResolvedMerge, 'open' | 'settled'> {
  /** The tree of the result, and the nodes of it that are not kept yet. */
  tree: string;
  nodes: Map<string, FreshNode>;
  /** The length of its canonical text; 0 where it is one of the versions. */
  size: number;
  /** What differs between the versions, and what the conflicts are about: enough to tell of them in words. */
  versions: Versions<Document>;
  /** The cuts that both sides made, and that are one now. */
  joined: JoinedCut[];
}

/**
 * Merges kept documents, reading only what differs between them: what nobody touched is in the result as it is, unread.
 * It is `mergeResolved` of the documents, by a property test. With open conflicts, the result has what ours has where
 * they are.
 */
export async function mergeTrees(
  read: ReadNodes,
  trees: Versions<string>,
  resolutions: ReadonlyMap<string, Resolution> = new Map(),
): Promise<TreeMerge> {
  const { base, ours, theirs } = trees;
  const nothing = {
    size: 0,
    nodes: new Map<string, FreshNode>(),
    open: [],
    settled: [],
    joined: [],
    versions: NOTHING,
  };
  if (base === theirs || ours === theirs) return { ...nothing, tree: ours };
  if (base === ours) return { ...nothing, tree: theirs };
  const isAboutRoom = [...resolutions.values()].some(({ take }) => take === 'nearest_gap');
  const versions = isAboutRoom ? await readWhole(read, trees) : await readVersions(read, trees);
  const still = isAboutRoom ? undefined : await readStill(read, base, versions);
  const { merged, open, settled } = mergeResolved(versions, resolutions, still && { still });
  const changes = changesBetween(versions.ours, merged);
  const { tree, size, nodes } =
    changes.length === 0 ? { ...nothing, tree: ours } : await changeTree(read, ours, changes);
  const conflicts = [...open, ...settled];
  const cuts = joinedCuts(merged, versions);
  const paths = [...conflicts.flatMap(thingsOf), ...cuts.map(({ path }) => path)];
  const told = await withNames(read, trees, versions, paths);
  return { tree, size, nodes, open, settled, versions: told, joined: cuts.length > 0 ? joinedCuts(merged, told) : [] };
}

const NOTHING: Versions<Document> = { base: {}, ours: {}, theirs: {} };

/** Where there is room on a track only the whole track can tell. */
async function readWhole(read: ReadNodes, { base, ours, theirs }: Versions<string>): Promise<Versions<Document>> {
  const [was, one, other] = await readDocuments(read, [base, ours, theirs]);
  return { base: was!, ours: one!, theirs: other! };
}

/** What differs between three kept versions, and what nobody touched of the shots that it is about. */
export async function readVersions(read: ReadNodes, trees: Versions<string>): Promise<Versions<Document>> {
  const [base, ours, theirs] = await readDifference(read, [trees.base, trees.ours, trees.theirs]);
  let versions: Versions<Document> = { base: base!, ours: ours!, theirs: theirs! };
  for (let round = 0; round < ROUNDS_OF_CONTEXT; round++) {
    const paths = contextOf(versions);
    if (paths.length === 0) break;
    versions = withValues(versions, paths, await readPaths(read, trees.base, paths));
  }
  return versions;
}

/** Shots, their items, and the clips of these. */
const ROUNDS_OF_CONTEXT = 2;

/** The versions with the things that these paths are about, though nobody touched what they are called by. */
async function withNames(
  read: ReadNodes,
  trees: Versions<string>,
  versions: Versions<Document>,
  things: readonly Path[],
): Promise<Versions<Document>> {
  if (things.length === 0) return versions;
  let now = versions;
  const paths = unique(things.flatMap((path) => namingOf(path, versions)));
  for (const tree of [trees.ours, trees.theirs, trees.base]) {
    const missing = paths.filter((path) =>
      Object.values(now).every((document) => valueAt(document, path) === undefined),
    );
    if (missing.length > 0) now = withValues(now, missing, await readPaths(read, tree, missing));
  }
  return now;
}

/** The things that a conflict speaks of. */
const thingsOf = ({ path, used_by = [], base, ours, theirs }: NamedConflict): Path[] => [
  path,
  ...used_by,
  ...[base, ours, theirs].flatMap((place) => placesIn(place)),
];

function placesIn(place: unknown): Path[] {
  const list = typeof place === 'object' && place !== null && 'in' in place ? place.in : undefined;
  return Array.isArray(list) ? [list as Path] : [];
}

/** Where it stands what a thing is called: on itself, or for a shot on its effect. */
function namingOf(path: Path, versions: Versions<Document>): Path[] {
  const [first, second, third, fourth, fifth] = path;
  if (second === 'sceneOrder' && third !== undefined) return [['editorState', 'scenes', third]];
  if (fourth === 'beatIds' && fifth !== undefined) return [path.slice(0, 3), ['editorState', 'beats', fifth]];
  if (first === 'effects' && second !== undefined) return [path.slice(0, 2)];
  if (first === 'editorState' && third !== undefined) return [path.slice(0, 3)];
  if (first !== 'editorData' || second === undefined) return [];
  const row: Path = ['editorData', second, 'name'];
  if (third !== 'actions' || path.length < 4) return [row];
  const effects = Object.values(versions).flatMap((document) => effectOf(valueAt(document, path.slice(0, 4))));
  return [row, ...effects];
}

function effectOf(action: unknown): Path[] {
  const id = typeof action === 'object' && action !== null && 'effectId' in action ? action.effectId : undefined;
  return typeof id === 'string' ? [['effects', id]] : [];
}

const unique = (paths: Path[]): Path[] => [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];

function withValues(
  versions: Versions<Document>,
  paths: readonly Path[],
  values: readonly unknown[],
): Versions<Document> {
  const there = paths.map((path, at) => ({ path, value: values[at] })).filter(({ value }) => value !== undefined);
  return each(versions, (document) => withValuesAt(document, there));
}
