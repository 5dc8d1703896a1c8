import { canonicalJson } from '../canonical-json.js';
import type { Change, Id, Place } from './change.js';
import { diffOrder, diffValues, ownField, placesOf } from './diff-values.js';
import { isDocument } from '../document.js';
import { asSet, idOfKey, type Rows } from '../merge/keyed-list.js';
import { indexItems, listsIn, type Item } from '../merge/row-families.js';
import { beatName, BEATS, isAbsent, isNumbered, isThing, namedScene, SCENES, type Story } from './story.js';

/** The beats that each scene lists, and the scene that lists each beat. */
export interface BeatPlaces {
  lists: ReadonlyMap<string, Rows>;
  items: ReadonlyMap<string, Item>;
}

/** The scene that lists each beat; nothing if a beat is in two of them, or their lists are none. */
export function placeBeats({ scenes }: Story, order: string[]): BeatPlaces | undefined {
  const ids = [...new Set([...order, ...Object.keys(scenes).sort()])].filter((id) => Object.hasOwn(scenes, id));
  const lists = listsIn(new Map(ids.map((id) => [id, scenes[id]])), 'beatIds', asSet);
  const items = lists && indexItems(lists);
  return lists && items && { lists, items };
}

/** A story with the places of its beats. */
export interface PlacedStory extends Story, BeatPlaces {}

/** What happened to the places of the beats: who moved, who came or went with a scene, and what else differs. */
export function diffBeatPlaces(before: PlacedStory, after: PlacedStory) {
  const [numbers, newNumbers] = [numbered(before), numbered(after)];
  const placeIn = (story: PlacedStory, key: string): Place | null => {
    const scene = story.items.get(key)?.place;
    const at = (story === before ? numbers : newNumbers).get(key);
    return scene === undefined ? null : { in: namedScene(story, scene), at: at! };
  };
  const { moved, others } = compareLists(before, after);
  const moves = new Map<string, Change>();
  for (const key of moved) {
    const id = idOfKey(key);
    const places = { before: placeIn(before, key), after: placeIn(after, key) };
    const beat = ownField(after.beats, String(id));
    if (isThing(before.beats, id) && isDocument(beat)) {
      const name = beatName(beat) ?? String(id);
      moves.set(String(id), { kind: 'moved', entity: 'beat', id, path: [...BEATS.path, id], name, ...places });
    } else {
      const path = [...SCENES.path, (after.items.get(key) ?? before.items.get(key))!.place, 'beatIds', id];
      others.push({ kind: 'moved', entity: 'value', id, path, name: path.join(' › '), ...places });
    }
  }
  const touched = scenesTouched(before, after, moved);
  const contents = new Map([...comeWithScenes(before, after), ...comeWithScenes(after, before)]);
  const told = new Set([...contents.values()].flat());
  const isExplained = (field: string, now: unknown, id: string): boolean => {
    const key = canonicalJson(id);
    const scene = after.items.get(key)?.place;
    if (field === 'sceneId') return scene !== undefined && before.items.get(key)?.place !== scene && now === scene;
    return field === 'order' && scene !== undefined && touched.has(scene) && isNumbered(now, newNumbers.get(key));
  };
  return {
    moves,
    others,
    order: [after, before].flatMap(({ items }) => [...items.keys()].map((key) => String(idOfKey(key)))),
    isExplained,
    isTold: (id: string): boolean => told.has(id),
    contentsOf: (id: string): { contents: Id[] } => ({ contents: contents.get(id) ?? [] }),
    more: (id: string): { place?: Place } => {
      const key = canonicalJson(id);
      const place = placeIn(after, key) ?? placeIn(before, key);
      return place ? { place } : {};
    },
  };
}

/**
 * The beats that stand elsewhere, and what the lists name otherwise: beats that came or went say so themselves, and so do
 * scenes that came or went for those they list.
 */
function compareLists(before: PlacedStory, after: PlacedStory): { moved: string[]; others: Change[] } {
  const moved: string[] = [];
  const others: Change[] = [];
  const compare = (story: PlacedStory, other: PlacedStory, differ: (path: Id[], value: unknown) => Change[]): void => {
    for (const [key, { place: scene, value }] of story.items) {
      const id = idOfKey(key);
      if (other.items.has(key)) continue;
      if (isThing(story.beats, id) && isAbsent(other.beats, id)) continue;
      if (isAbsent(other.scenes, scene)) continue;
      if (isThing(story.beats, id) && isThing(other.beats, id)) moved.push(key);
      else others.push(...differ([...SCENES.path, scene, 'beatIds', id], value ?? null));
    }
  };
  compare(before, after, (path, value) => diffValues(path, value, undefined));
  compare(after, before, (path, value) => diffValues(path, undefined, value));
  for (const [key, { place: scene }] of after.items) {
    const was = before.items.get(key)?.place;
    if (was !== undefined && was !== scene) moved.push(key);
  }
  for (const [scene, list] of after.lists) {
    const old = [...(before.lists.get(scene)?.keys() ?? [])];
    for (const key of diffOrder(old, [...list.keys()]).moved) moved.push(key);
  }
  return { moved, others };
}

/** The scenes in whose lists something came, went or moved. */
function scenesTouched(before: PlacedStory, after: PlacedStory, moved: string[]): Set<string> {
  const touched = new Set(moved.flatMap((key) => after.items.get(key)?.place ?? []));
  for (const [story, other] of [
    [before, after],
    [after, before],
  ] as const) {
    for (const [key, { place }] of story.items) if (other.items.get(key)?.place !== place) touched.add(place);
  }
  return touched;
}

/** The beats that only one story has, by the scene they are in, if only that story has the scene too. */
function comeWithScenes(story: PlacedStory, other: PlacedStory): Map<string, string[]> {
  const contents = new Map<string, string[]>();
  for (const id of Object.keys(story.beats).sort()) {
    if (!isThing(story.beats, id) || !isAbsent(other.beats, id)) continue;
    const scene = story.items.get(canonicalJson(id))?.place ?? ownField(story.beats[id], 'sceneId');
    if (typeof scene !== 'string' || !isThing(story.scenes, scene) || !isAbsent(other.scenes, scene)) continue;
    const beats = contents.get(scene) ?? [];
    contents.set(scene, beats);
    beats.push(id);
  }
  return contents;
}

function numbered({ lists }: BeatPlaces): Map<string, number> {
  return new Map([...lists.values()].flatMap((list) => [...placesOf(list.keys())]));
}
