import { asSeen } from '../diff/film.js';
import { MARKER_PREFIX, MARKER_ROW, type Document } from '../document.js';
import { glances } from './leaf-entries.js';
import type { KeyedNode, MapNode, Slot } from './node.js';
import type { NodeReader } from './node-reader.js';

/** A track of a kept film: what it is besides its shots, and these, unread. */
export interface KeptTrack {
  slot: Slot;
  fields: Document;
  shots: { node: KeyedNode; rows: MapNode } | undefined;
}

/** The tracks of a film by their keys, and the node that holds them, where there is one. */
export interface KeptTracks {
  node: KeyedNode | undefined;
  tracks: ReadonlyMap<string, KeptTrack>;
}

/** The shots of a track, by their starts and as they are listed. */
export interface TrackOrder {
  shots: readonly string[];
  listed: readonly string[];
  isTimed: boolean;
}

/** The tracks of a film in their order; nothing where its rows are not what an editor makes. */
export async function readTracks(reader: NodeReader, editorData: Slot | undefined): Promise<KeptTracks | undefined> {
  if (editorData === undefined) return { node: undefined, tracks: new Map() };
  const [list] = await reader.lists([editorData]);
  const [rows] = await reader.tables([list?.rows]);
  if (!list || !rows) return undefined;
  const [order] = (await reader.values([list.order])) as [string[]];
  const slots = await reader.find(rows, order);
  const maps = await reader.tables(order.map((key) => slots.get(key)));
  const tracks = new Map<string, KeptTrack>();
  for (const [at, key] of order.entries()) {
    const track = await readTrack(reader, slots.get(key)!, maps[at]!);
    if (!track) return undefined;
    tracks.set(key, track);
  }
  return { node: list, tracks };
}

async function readTrack(reader: NodeReader, slot: Slot, row: MapNode): Promise<KeptTrack | undefined> {
  const [entries, values] = await entriesBeside(reader, row, 'actions');
  const fields = Object.fromEntries(entries.map((key, at) => [key, values[at]]));
  const actions = (await reader.find(row, ['actions'])).get('actions');
  if (!actions) return { slot, fields, shots: undefined };
  const [node] = await reader.lists([actions]);
  const [rows] = await reader.tables([node?.rows]);
  return node && rows && { slot, fields, shots: { node, rows } };
}

async function entriesBeside(reader: NodeReader, row: MapNode, field: string): Promise<[string[], unknown[]]> {
  const entries = (await reader.leaves([row])).flatMap(({ map }) => map).filter(([key]) => key !== field);
  return [entries.map(([key]) => key), await reader.values(entries.map(([, slot]) => slot))];
}

/** The order of a track's shots; those of a track that was asked for before are remembered with it. */
export async function orderOf(reader: NodeReader, { shots }: KeptTrack): Promise<TrackOrder> {
  if (!shots) return { shots: [], listed: [], isTimed: true };
  const known = orders.get(shots.node);
  if (known) return known;
  const [order] = (await reader.values([shots.node.order])) as [string[]];
  const listed = order.filter((key) => !isMarkerKey(key));
  const all = await glances(reader, await reader.leaves([shots.rows]), 'effectId');
  const starts = new Map(all.map(({ key, start }) => [key, start]));
  const isTimed = listed.every((key) => starts.get(key) !== undefined);
  const found = { listed, isTimed, shots: asSeen(listed, (key) => starts.get(key)) };
  orders.set(shots.node, found);
  return found;
}

const orders = new WeakMap<KeyedNode, TrackOrder>();

/** The shots that each track has and another film has not, or not there. */
export type Arrivals = ReadonlyMap<string, readonly string[]>;

/**
 * Whether no shot stands on two tracks; of a film that came of another of which that is known, only what `came` is looked
 * at. A film that was looked at is remembered with its node.
 */
export async function areShotsUnique(
  reader: NodeReader,
  { node, tracks }: KeptTracks,
  from?: { film: KeptTracks; came: Arrivals },
): Promise<boolean> {
  if (!node || uniqueFilms.has(node)) return true;
  const lists = [...tracks].filter(([key, { shots }]) => shots && key !== MARKER_ROW_KEY);
  const isUnique =
    from && isKnownUnique(from.film)
      ? !(await isAnyElsewhere(reader, new Map(lists), from.came))
      : await isNoneTwice(reader, lists);
  if (isUnique) uniqueFilms.add(node);
  return isUnique;
}

/** Whether it was found before that no shot of a film stands on two tracks. */
export const isKnownUnique = ({ node }: KeptTracks): boolean => !node || uniqueFilms.has(node);

const uniqueFilms = new WeakSet<KeyedNode>();

async function isNoneTwice(reader: NodeReader, lists: readonly (readonly [string, KeptTrack])[]): Promise<boolean> {
  const orders = await reader.values(lists.map(([, { shots }]) => shots!.node.order));
  const all = (orders as string[][]).flat().filter((key) => !isMarkerKey(key));
  return new Set(all).size === all.length;
}

async function isAnyElsewhere(
  reader: NodeReader,
  lists: ReadonlyMap<string, KeptTrack>,
  came: Arrivals,
): Promise<boolean> {
  for (const [row, keys] of came) {
    const own = keys.filter((key) => !isMarkerKey(key));
    if (own.length === 0 || !lists.has(row)) continue;
    for (const [other, { shots }] of lists)
      if (other !== row && (await reader.find(shots!.rows, own)).size > 0) return true;
  }
  return false;
}

/** Whether a shot is none, but drawn for display. */
export const isMarkerKey = (key: string): boolean => key.startsWith(`"${MARKER_PREFIX}`);
const MARKER_ROW_KEY = JSON.stringify(MARKER_ROW);
