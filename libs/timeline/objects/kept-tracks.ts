import { asSeen } from '../diff/film.js';
import { MARKER_PREFIX, MARKER_ROW, type Document } from '../document.js';
import { glances } from './leaf-entries.js';
import { isInline, type KeyedNode, type MapNode, type Slot } from './node.js';
import type { NodeReader } from './node-reader.js';

/** A track of a kept film: what it is besides its shots, and these, unread. */
export interface KeptTrack {
  slot: Slot;
  fields: Document;
  shots: { node: KeyedNode; rows: MapNode } | undefined;
}

export type KeptTracks = ReadonlyMap<string, KeptTrack>;

/** The shots of a track, by their starts and as they are listed. */
export interface TrackOrder {
  shots: readonly string[];
  listed: readonly string[];
  isTimed: boolean;
}

/** The tracks of a film in their order; nothing where its rows are not what an editor makes. */
export async function readTracks(reader: NodeReader, editorData: Slot | undefined): Promise<KeptTracks | undefined> {
  if (editorData === undefined) return new Map();
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
  return tracks;
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

/**
 * Whether no shot stands on two tracks. `came` are the shots that each track has and a film does not of which that is known
 * already; without it all are looked at.
 */
export async function areShotsUnique(
  reader: NodeReader,
  tracks: KeptTracks,
  came?: ReadonlyMap<string, readonly string[]>,
): Promise<boolean> {
  const lists = [...tracks].filter(([key, { shots }]) => shots && key !== MARKER_ROW_KEY);
  if (!came) {
    const orders = await reader.values(lists.map(([, { shots }]) => shots!.node.order));
    const all = (orders as string[][]).flat().filter((key) => !isMarkerKey(key));
    return new Set(all).size === all.length;
  }
  for (const [row, keys] of came) {
    const own = keys.filter((key) => !isMarkerKey(key));
    if (own.length === 0 || row === MARKER_ROW_KEY) continue;
    for (const [other, { shots }] of lists)
      if (other !== row && (await reader.find(shots!.rows, own)).size > 0) return false;
  }
  return true;
}

/** Whether a shot is none, but drawn for display. */
export const isMarkerKey = (key: string): boolean => key.startsWith(`"${MARKER_PREFIX}`);
const MARKER_ROW_KEY = JSON.stringify(MARKER_ROW);

/** The films of which it is known that no shot stands on two tracks, by the hashes of their tracks. */
export class UniqueFilms {
  private readonly hashes = new Set<string>();

  has(editorData: Slot | undefined): boolean {
    if (editorData === undefined) return true;
    return !isInline(editorData) && typeof editorData[1] === 'string' && this.hashes.has(editorData[1]);
  }

  add(editorData: Slot | undefined): void {
    if (editorData === undefined || isInline(editorData) || typeof editorData[1] !== 'string') return;
    if (this.hashes.size >= MOST_FILMS) this.hashes.clear();
    this.hashes.add(editorData[1]);
  }
}

const MOST_FILMS = 10_000;
