import fc from 'fast-check';
import type { Json } from './film-edits.js';

/** A film of `count` shots on each of three tracks, without gaps, and six scenes of two beats. */
export function film(count: number): Json {
  const document: Json = {
    editorData: [0, 1, 2].map((row) => ({ id: String(row), actions: [], rowHeight: 40 })),
    effects: {},
    editorState: { scenes: {}, beats: {}, characters: {}, assets: {}, clips: {}, timelineItems: {}, sceneOrder: [] },
    tags: ['draft'],
  };
  for (let at = 0; at < 3; at++) document.editorState.characters[`who${at}`] = { id: `who${at}`, name: `Person ${at}` };
  for (let at = 0; at < 3 * count; at++)
    insertShot(document, `${at}`, { row: at % 3, at: Infinity, length: 2 + (at % 4) });
  for (let at = 0; at < 6; at++) addScene(document, `${at}`, at);
  return document;
}

/** How long an action is. */
export const lengthOf = ({ start, end }: Json): number => end - start;

/** Moves a shot in time, with the item that says the same. */
export function place({ editorState: state }: Json, action: Json, { start, end }: { start: number; end: number }) {
  const item = state.timelineItems[action.id];
  if (item) Object.assign(item, { startTime: start, duration: end - start });
  Object.assign(action, { start, end });
}

/** Lets everything on a track from a number on start later. */
function ripple(document: Json, row: Json, from: number, by: number) {
  for (const action of row.actions.slice(from))
    place(document, action, { start: action.start + by, end: action.end + by });
}

function insertShot(document: Json, id: string, { row, at, length }: { row: number; at: number; length: number }) {
  const { editorState: state } = document;
  const { id: trackId, actions } = document.editorData[row % document.editorData.length];
  const place = Math.min(at, actions.length);
  const start = actions[place - 1]?.end ?? 0;
  ripple(document, { actions }, place, length);
  actions.splice(place, 0, { id: `item${id}`, start, end: start + length, effectId: `item${id}` });
  document.effects[`item${id}`] = { id: `item${id}`, name: `Shot ${id}` };
  state.assets[`asset${id}`] = { id: `asset${id}`, type: 'video', url: `https://media.test/${id}.mp4` };
  state.clips[`clip${id}`] = { id: `clip${id}`, assetId: `asset${id}`, startOffset: 0, endOffset: length };
  state.timelineItems[`item${id}`] = {
    id: `item${id}`,
    clipId: `clip${id}`,
    trackId,
    startTime: start,
    duration: length,
  };
}

/** Takes a shot off its track, closing up. */
export function takeShot(document: Json, row: Json, at: number): Json {
  const [action] = row.actions.splice(at, 1);
  ripple(document, row, at, -lengthOf(action));
  return action;
}

function renumber({ editorState: state }: Json) {
  state.sceneOrder.forEach((id: string, at: number) => (state.scenes[id].order = at));
  for (const { beatIds } of Object.values<Json>(state.scenes)) {
    beatIds.forEach((id: string, at: number) => (state.beats[id].order = at));
  }
}

function addScene(document: Json, id: string, at: number) {
  const { editorState: state } = document;
  const beats = [`beat${id}a`, `beat${id}b`];
  state.scenes[`scene${id}`] = { id: `scene${id}`, title: `Scene ${id}`, summary: '', beatIds: beats };
  for (const beat of beats) {
    state.beats[beat] = {
      id: beat,
      sceneId: `scene${id}`,
      characterIds: ['who0', 'who1'],
      narration: `It rains ${beat}.`,
    };
  }
  state.sceneOrder.splice(at, 0, `scene${id}`);
  renumber(document);
}

const pick = (list: Json[], at: number): Json => list[at % list.length];
const drop = (list: unknown[], value: unknown) => list.includes(value) && list.splice(list.indexOf(value), 1);
const shotAt = (document: Json, at: number) => {
  const row = pick(document.editorData, at);
  return { row, at: at % Math.max(1, row.actions.length), action: pick(row.actions, at) as Json };
};
/** Quarters of a second, as many as leave something of the shot. */
const some = (action: Json, to: number): number => Math.min(lengthOf(action) / 2, (1 + (to % 3)) / 4);

interface Edit {
  name: string;
  /** What telling it may take alone, and among other edits if that is more. */
  most: number;
  among?: number;
  make(document: Json, at: number, to: number, tag: string): void;
}

/** Takes something off a shot and closes up; `told` says of what its clip shows that it is less. */
function trimming(told: (clip: Json, by: number) => void): Edit['make'] {
  return (document, nth, to) => {
    const { row, at, action } = shotAt(document, nth);
    if (!action) return;
    const by = some(action, to);
    place(document, action, { start: action.start, end: action.end - by });
    told(document.editorState.clips[document.editorState.timelineItems[action.id].clipId], by);
    ripple(document, row, at + 1, -by);
  };
}

/** Each kind of edit people make of a film, on whatever `at` and `to` happen to point to; new ids end with `tag`. */
export const EDITS: Edit[] = [
  { name: 'trim the tail and close up', most: 2, make: trimming((clip, by) => (clip.endOffset -= by)) },
  { name: 'trim the head and close up', most: 2, make: trimming((clip, by) => (clip.startOffset += by)) },
  {
    name: 'trim the tail and leave a gap',
    most: 2,
    make: (document, nth, to) => {
      const { action } = shotAt(document, nth);
      if (action) place(document, action, { start: action.start, end: action.end - some(action, to) });
    },
  },
  {
    name: 'move to another place, closing up',
    most: 3,
    make: (document, nth, to) => {
      const { row, at, action } = shotAt(document, nth);
      if (!action) return;
      takeShot(document, row, at);
      const target = pick(document.editorData, to);
      const place_ = to % (target.actions.length + 1);
      const start = target.actions[place_ - 1]?.end ?? 0;
      ripple(document, target, place_, lengthOf(action));
      target.actions.splice(place_, 0, action);
      place(document, action, { start, end: start + lengthOf(action) });
      document.editorState.timelineItems[action.id].trackId = target.id;
    },
  },
  {
    name: 'insert',
    most: 2,
    make: (document, at, to, tag) => insertShot(document, tag, { row: at, at: to, length: 3 }),
  },
  {
    name: 'remove, closing up',
    most: 2,
    make: (document, nth) => {
      const { row, at, action } = shotAt(document, nth);
      if (!action) return;
      takeShot(document, row, at);
      const { editorState: state } = document;
      const { clipId } = state.timelineItems[action.id];
      delete state.assets[state.clips[clipId].assetId];
      delete state.clips[clipId];
      delete state.timelineItems[action.id];
      delete document.effects[action.effectId];
    },
  },
  {
    name: 'rename',
    most: 1,
    make: (document, at, to) => {
      const { action } = shotAt(document, at);
      if (action) document.effects[action.effectId].name = `Name ${to}`;
    },
  },
  {
    name: 'replace the media',
    most: 1,
    among: 2,
    make: ({ editorData, editorState: state }, at, _to, tag) => {
      const { action } = shotAt({ editorData }, at);
      if (!action) return;
      state.assets[`asset${tag}`] = { id: `asset${tag}`, type: 'video', url: `https://media.test/${tag}.mp4` };
      state.clips[state.timelineItems[action.id].clipId].assetId = `asset${tag}`;
    },
  },
  {
    name: 'add a track',
    most: 1,
    make: (document, at, _to, tag) => document.editorData.splice(at % 3, 0, { id: `row${tag}`, actions: [] }),
  },
  {
    name: 'remove a track with its shots',
    most: 1,
    make: (document, at) => {
      if (document.editorData.length < 2) return;
      const [{ actions }] = document.editorData.splice(at % document.editorData.length, 1);
      for (const { id } of actions) {
        delete document.effects[id];
        delete document.editorState.timelineItems[id];
      }
    },
  },
  {
    name: 'move a track',
    most: 1,
    make: ({ editorData }, at, to) => editorData.splice(to % 3, 0, ...editorData.splice(at % editorData.length, 1)),
  },
  { name: 'add a scene', most: 1, make: (document, at, _to, tag) => addScene(document, tag, at % 4) },
  {
    name: 'remove a scene with its beats',
    most: 1,
    make: (document, at) => {
      const { editorState: state } = document;
      const scene = state.scenes[pick(state.sceneOrder, at)];
      if (!scene) return;
      for (const beat of scene.beatIds) delete state.beats[beat];
      delete state.scenes[scene.id];
      drop(state.sceneOrder, scene.id);
      renumber(document);
    },
  },
  {
    name: 'move a scene',
    most: 1,
    make: (document, at, to) => {
      const { sceneOrder } = document.editorState;
      sceneOrder.splice(to % 5, 0, ...sceneOrder.splice(at % sceneOrder.length, 1));
      renumber(document);
    },
  },
  {
    name: 'move a beat to another scene',
    most: 1,
    make: (document, at, to) => {
      const { editorState: state } = document;
      const beat = pick(Object.values(state.beats), at);
      const scene = pick(Object.values(state.scenes), to);
      if (!beat || !scene) return;
      for (const other of Object.values<Json>(state.scenes)) drop(other.beatIds, beat.id);
      scene.beatIds.splice(to % 2, 0, beat.id);
      beat.sceneId = scene.id;
      renumber(document);
    },
  },
  {
    name: 'rewrite a beat',
    most: 1,
    make: ({ editorState: state }, at, to) => {
      const beat = pick(Object.values(state.beats), at);
      if (beat) beat.narration = `Text ${to}`;
    },
  },
  {
    name: 'remove somebody from the film',
    most: 1,
    make: ({ editorState: state }, at) => {
      const who = pick(Object.keys(state.characters), at);
      delete state.characters[who];
      for (const beat of Object.values<Json>(state.beats)) drop(beat.characterIds, who);
    },
  },
  { name: 'tag', most: 1, make: (document, _at, _to, tag) => document.tags.push(tag) },
];

/** One edit. */
export const step = fc.record({ kind: fc.nat(EDITS.length - 1), at: fc.nat(40), to: fc.nat(40) });
type Step = { kind: number; at: number; to: number };

/** A copy of a film after edits. */
export function edited(base: Json, steps: Step[], tag = 'x'): Json {
  const document = structuredClone(base);
  steps.forEach(({ kind, at, to }, nth) => EDITS[kind]!.make(document, at, to, `${tag}${nth}`));
  return document;
}

/** What two people made of one film. */
export const story = fc
  .tuple(fc.nat(6), fc.array(step, { maxLength: 8 }), fc.array(step, { maxLength: 8 }))
  .map(([count, one, other]) => {
    const base = film(count);
    return { before: edited(base, one, 'x'), after: edited(base, other, 'y') };
  });
