import type { Id, Named } from './change.js';
import { ownField } from './diff-values.js';
import { isDocument, type Document } from '../document.js';
import { asEntities, idOfKey, type Rows } from '../merge/keyed-list.js';
import { indexItems, listsIn } from '../merge/row-families.js';
import { secondsOf, type Timing } from './shot-timing.js';

/** The parts of a document that make up its shots. */
export interface Parts {
  rows: Rows;
  effects: Document;
  timelineItems: Document;
  clips: Document;
  assets: Document;
}

/** An action with everything it is made of, as far as that can be found. */
export interface Shot {
  key: string;
  id: Id;
  name: string;
  row: string;
  action: Document;
  effectId: string | undefined;
  effect: Document | undefined;
  item: Document | undefined;
  clipId: string | undefined;
  clip: Document | undefined;
  assetId: string | undefined;
  asset: Document | undefined;
  timing: Timing | undefined;
}

export interface Track extends Named {
  at: number;
  row: Document;
  /** Its shots as they are seen, one after the other. */
  shots: string[];
  /** The same shots as the document lists them, which means nothing where each has a time. */
  listed: string[];
}

export type PartName = Exclude<keyof Parts, 'rows'>;

/** The shots of a document, on their tracks, and who uses which part. */
export interface Film {
  tracks: ReadonlyMap<string, Track>;
  shots: ReadonlyMap<string, Shot>;
  users: Record<PartName, ReadonlyMap<string, ReadonlySet<string>>>;
  numbers: Numbers;
}

/** The places of shots on their tracks, where the document at hand has only some of these. */
export type Numbers = ReadonlyMap<string, number>;

/** The tracks of a document, or nothing where its rows are not what an editor makes: each with its actions, no id twice. */
export function readRows(editorData: unknown): Rows | undefined {
  const rows = asEntities(editorData ?? []);
  const lists = rows && listsIn(rows, 'actions', asEntities);
  return lists && indexItems(lists) ? rows : undefined;
}

const NO_NUMBERS: Numbers = new Map();

/** Puts the shots of a document together from its parts. */
export function readFilm(parts: Parts, numbers: Numbers = NO_NUMBERS): Film {
  const shots = new Map<string, Shot>();
  const tracks = new Map<string, Track>();
  for (const [key, row] of parts.rows) {
    const actions = asEntities(ownField(row, 'actions') ?? []) ?? new Map<string, unknown>();
    for (const [shotKey, action] of actions) shots.set(shotKey, readShot(parts, key, shotKey, action as Document));
    const [id, at] = [idOfKey(key), tracks.size];
    const listed = [...actions.keys()];
    const inOrder = asSeen(listed, (shotKey) => shots.get(shotKey)!.timing?.start);
    tracks.set(key, { id, name: nameOf(row) ?? labelOf(id, at), at, row: row as Document, shots: inOrder, listed });
  }
  return { tracks, shots, users: usersOf(parts, shots), numbers };
}

/** The shots of a track by their starts, or as they are listed where one of them has none. */
export function asSeen(listed: readonly string[], startOf: (key: string) => number | undefined): string[] {
  const starts = listed.map(startOf);
  if (starts.includes(undefined)) return [...listed];
  return [...listed.keys()].sort((a, b) => starts[a]! - starts[b]!).map((at) => listed[at]!);
}

/** When an action begins and ends, in seconds; nothing where it does not say both. */
export function timingOfAction(action: unknown): Pick<Timing, 'start' | 'end'> | undefined {
  const [start, end] = [secondsOf(ownField(action, 'start')), secondsOf(ownField(action, 'end'))];
  return start === undefined || end === undefined ? undefined : { start, end };
}

/** What a shot is called; it has no place of its own for a name but its effect. */
function readShot(parts: Parts, row: string, key: string, action: Document): Shot {
  const id = idOfKey(key);
  const effectId = textOf(action, 'effectId');
  const effect = thingIn(parts.effects, effectId);
  const item = typeof action.id === 'string' ? thingIn(parts.timelineItems, action.id) : undefined;
  const clipId = textOf(item, 'clipId');
  const clip = thingIn(parts.clips, clipId);
  const assetId = textOf(clip, 'assetId');
  const asset = thingIn(parts.assets, assetId);
  const times = timingOfAction(action);
  const timing = times && { ...times, source: secondsOf(ownField(clip, 'startOffset')) };
  const name = nameOf(effect) ?? String(id);
  return { key, id, name, row, action, effectId, effect, item, clipId, clip, assetId, asset, timing };
}

/** For each part the shots that are made with it; something else that names it counts as a user too. */
function usersOf(parts: Parts, shots: ReadonlyMap<string, Shot>): Film['users'] {
  const users = {
    effects: new Map<string, Set<string>>(),
    timelineItems: new Map<string, Set<string>>(),
    clips: new Map<string, Set<string>>(),
    assets: new Map<string, Set<string>>(),
  };
  const note = (part: PartName, id: string | undefined, user: Iterable<string>): void => {
    if (id === undefined) return;
    const known = users[part].get(id) ?? new Set();
    for (const key of user) known.add(key);
    users[part].set(id, known);
  };
  for (const { key, action, effectId } of shots.values()) {
    note('effects', effectId, [key]);
    if (typeof action.id === 'string') note('timelineItems', action.id, [key]);
  }
  for (const id of Object.keys(parts.timelineItems)) {
    note('clips', textOf(thingIn(parts.timelineItems, id), 'clipId'), users.timelineItems.get(id) ?? [NO_SHOT]);
  }
  for (const id of Object.keys(parts.clips)) {
    note('assets', textOf(thingIn(parts.clips, id), 'assetId'), users.clips.get(id) ?? [NO_SHOT]);
  }
  return users;
}

/** No shot has this key: theirs are canonical JSON. */
const NO_SHOT = '';

const thingIn = (things: Document, id: string | undefined): Document | undefined => {
  const thing = id === undefined ? undefined : ownField(things, id);
  return isDocument(thing) ? thing : undefined;
};

const textOf = (thing: unknown, field: string): string | undefined => {
  const text = ownField(thing, field);
  return typeof text === 'string' ? text : undefined;
};

/** The name that a thing carries, if it does. */
export const nameOf = (thing: unknown): string | undefined => textOf(thing, 'name')?.trim() || undefined;

/** Added tracks are called after the millisecond they were added in, which tells people nothing; their place does. */
const labelOf = (id: Id, at: number): string => (/^\d{11,}$/.test(String(id)) ? String(at) : String(id));
