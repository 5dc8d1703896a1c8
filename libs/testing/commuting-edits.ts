import { canonicalJson } from '#libs/timeline/canonical-json';
import { addClip, addScene, allActions, drop, film, type Json } from './film-edits.js';

/** Two people's work on one film that has nothing to do with each other, and the film with both. */
export interface CommutingPair {
  base: Json;
  ours: Json;
  theirs: Json;
  expected: Json;
}

type Edit = (document: Json, at: number, other: number, tag: string) => void;

const actionOf = (document: Json, at: number): Json => allActions(document).find(({ id }) => id === `item${at}`);
const rowOf = (document: Json, at: number): Json =>
  document.editorData.find((row: Json) => row.actions.some(({ id }: Json) => id === `item${at}`));
const sceneOf = (at: number) => `scene${at - (at % 2)}`;

/** Has all begin later that begins on a track at a time or after it. */
function shift(document: Json, row: number, { from, by }: { from: number; by: number }): void {
  for (const action of document.editorData[row].actions)
    if (action.start >= from) {
      action.start += by;
      action.end += by;
      document.editorState.timelineItems[action.id].startTime = action.start;
    }
}

/** What people do to one thing, `at`; `other` is another thing of their own. */
const EDITS = {
  trim(document, at) {
    const action = actionOf(document, at);
    action.end -= 0.25;
    document.editorState.timelineItems[`item${at}`].duration = action.end - action.start;
  },
  rename: (document, at, other) => (document.effects[`item${at}`].name = `Named ${other}`),
  narrate: ({ editorState }, at, other) => (editorState.beats[`beat${at}`].narration = `Told ${other}`),
  insert: (document, at, _other, tag) => addClip(document, `${tag}${at}`, at, at * 2 + 0.5),
  insertBetween(document, at, _other, tag) {
    const { actions } = rowOf(document, at);
    const row = document.editorData.findIndex((each: Json) => each.actions === actions);
    addClip(document, `${tag}${at}`, row, at * 2 + 0.5);
    actions.splice(actions.findIndex(({ id }: Json) => id === `item${at}`) + 1, 0, actions.pop());
  },
  putIn(document, at, _other, tag) {
    const row = document.editorData.indexOf(rowOf(document, at));
    const { end } = actionOf(document, at);
    shift(document, row, { from: end, by: 2 });
    addClip(document, `${tag}${at}`, row, end);
  },
  takeOut(document, at) {
    const row = document.editorData.indexOf(rowOf(document, at));
    const { start, end } = actionOf(document, at);
    EDITS.remove(document, at);
    shift(document, row, { from: end, by: start - end });
  },
  moveAlong(document, at, other) {
    const { actions } = rowOf(document, at);
    const action = actionOf(document, at);
    const length = action.end - action.start;
    drop(actions, action);
    action.start = other * 2 + 0.25;
    action.end = action.start + length;
    document.editorState.timelineItems[action.id].startTime = action.start;
    const next = actions.findIndex(({ start }: Json) => start > action.start);
    actions.splice(next < 0 ? actions.length : next, 0, action);
  },
  remove(document, at) {
    drop(rowOf(document, at).actions, actionOf(document, at));
    delete document.effects[`item${at}`];
    delete document.editorState.timelineItems[`item${at}`];
  },
  toTrack(document, at, other) {
    const [action, from] = [actionOf(document, at), rowOf(document, at)];
    const rows: Json[] = document.editorData.filter((row: Json) => row !== from);
    drop(from.actions, action);
    rows[other % rows.length].actions.push(action);
  },
  reorderScenes({ editorState: { sceneOrder } }, at, other) {
    drop(sceneOrder, sceneOf(at));
    sceneOrder.splice(sceneOrder.indexOf(sceneOf(other)) + 1, 0, sceneOf(at));
  },
  castChange({ editorState }, at, other) {
    const { characterIds } = editorState.beats[`beat${at}`];
    if (!drop(characterIds, 'who0')) characterIds.push(`who${1 + (other % 3)}`);
  },
  addScene: (document, at, _other, tag) => addScene(document, `${tag}${at}`, [`${tag}${at}`]),
  tag: (document, at, _other, tag) => document.tags.push(`${tag}${at}`),
  newCharacter: ({ editorState }, at, _other, tag) =>
    (editorState.characters[`${tag}${at}`] = { id: `${tag}${at}`, name: 'New' }),
  link: ({ editorState }, at, other) => (editorState.assets[`asset${at}`].url = `https://media.test/new/${other}`),
  ripple(document, at, other) {
    for (const action of rowOf(document, at).actions)
      if (action.start >= at * 2) {
        action.start += 1 + (other % 5);
        action.end += 1 + (other % 5);
        const item = document.editorState.timelineItems[action.id];
        if (item) item.startTime = action.start;
      }
  },
  split(document, at, _other, tag) {
    const { effects, editorState: state } = document;
    const action = actionOf(document, at);
    const [id, cut] = [`item${tag}${at}`, action.start + 0.5];
    rowOf(document, at).actions.push({ ...action, id, start: cut, effectId: id });
    effects[id] = { ...effects[`item${at}`], id };
    state.clips[`clip${tag}${at}`] = { ...state.clips[`clip${at}`], id: `clip${tag}${at}`, startOffset: 0.5 };
    const item = { id, clipId: `clip${tag}${at}`, startTime: cut, duration: action.end - cut };
    state.timelineItems[id] = item;
    action.end = cut;
    state.timelineItems[`item${at}`].duration = 0.5;
  },
} satisfies Record<string, Edit>;

/** Kinds of work that commute on different things; each side does several of its kind. */
export const COMMUTING_CLASSES: [name: string, ours: keyof typeof EDITS, theirs: keyof typeof EDITS][] = [
  ['trims and trims', 'trim', 'trim'],
  ['trims and names', 'trim', 'rename'],
  ['new clips and new clips', 'insert', 'insert'],
  ['clips put in between', 'insertBetween', 'insertBetween'],
  ['moves along the track', 'moveAlong', 'moveAlong'],
  ['moves along the track and new clips', 'moveAlong', 'insertBetween'],
  ['removals and trims', 'remove', 'trim'],
  ['moves to other tracks and trims', 'toTrack', 'trim'],
  ['moves to other tracks and removals', 'toTrack', 'remove'],
  ['new clips and removals', 'insert', 'remove'],
  ['words and casts', 'narrate', 'castChange'],
  ['the order of scenes and words', 'reorderScenes', 'narrate'],
  ['new scenes and casts', 'addScene', 'castChange'],
  ['tags and tags', 'tag', 'tag'],
  ['characters and media', 'newCharacter', 'link'],
  ['ripples and names', 'ripple', 'rename'],
  ['ripples and trims', 'ripple', 'trim'],
  ['splits and splits', 'split', 'split'],
  ['splits and names', 'split', 'rename'],
  ['ripples and splits', 'ripple', 'split'],
  ['clips put in making room, and the same', 'putIn', 'putIn'],
  ['clips put in making room, and taken out closing up', 'putIn', 'takeOut'],
];

/** A pair of a class, of so many edits a side, from a source of numbers from 0 to below 1. */
export function commutingPair(
  [, ours, theirs]: (typeof COMMUTING_CLASSES)[number],
  { clips, edits, random }: { clips: number; edits: number; random: () => number },
): CommutingPair {
  const base = film(clips);
  const side = (kind: keyof typeof EDITS, parity: number, tag: string) => {
    const own = Array.from({ length: clips / 4 }, (_, at) => 4 * at + 2 * parity + (random() < 0.5 ? 0 : 1));
    const steps: [number, number][] = [];
    const anchor = own.splice(Math.floor(random() * own.length), 1)[0]!;
    const count = kind === 'ripple' ? 1 : Math.min(edits, own.length);
    for (let nth = 0; nth < count; nth++) steps.push([own.splice(Math.floor(random() * own.length), 1)[0]!, anchor]);
    return (document: Json) => {
      for (const [at, other] of steps) EDITS[kind](document, at, other, tag);
      return document as Json;
    };
  };
  const [one, other] = [side(ours, 0, 'x'), side(theirs, 1, 'y')];
  const copy = () => film(clips);
  return { base, ours: one(copy()), theirs: other(copy()), expected: other(one(copy())) };
}

/** A film in which the order of what has a time of its own, and of sets, has no say. */
export function settled(document: Json): string {
  const unordered = (list: Json[]) => [...list].sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  const copy = structuredClone(document);
  for (const row of copy.editorData ?? []) row.actions = unordered(row.actions ?? []);
  for (const beat of Object.values<Json>(copy.editorState?.beats ?? {}))
    beat.characterIds = unordered(beat.characterIds ?? []);
  copy.tags = unordered(copy.tags ?? []);
  return canonicalJson(copy);
}

/** Whether a film is another, where the order of what has a time of its own, and of sets, has no say. */
export function isSettledAs(one: Json, other: Json): boolean {
  const sorted = (list: Json[]) => [...list].sort((a, b) => ((a.id ?? a) < (b.id ?? b) ? -1 : 1));
  const same = (a: Json, b: Json, isLoose = false): boolean => {
    if (Array.isArray(a)) {
      if (!Array.isArray(b) || a.length !== b.length) return false;
      const [left, right] = isLoose ? [sorted(a), sorted(b)] : [a, b];
      return left.every((item, at) => same(item, right[at]));
    }
    if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return Object.is(a, b);
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
    return keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key], LOOSE.has(key)));
  };
  return same(one, other);
}
const LOOSE: ReadonlySet<string> = new Set(['actions', 'characterIds', 'tags']);

/** Numbers from 0 to below 1 that a seed decides (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
