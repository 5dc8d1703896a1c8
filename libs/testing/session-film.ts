import type { Json } from './film-edits.js';

const RATE = 24;
const SHOT = 48;
const seconds = (frames: number): number => frames / RATE;
const frames = (time: number): number => Math.round(time * RATE);

/** A film of so many shots of two seconds on each of four tracks, with a beat, a marker and a transition here and there. */
export function sessionFilm(count: number): Json {
  const film: Json = {
    editorData: [0, 1, 2, 3].map((row) => ({ id: `V${row}`, actions: [] })),
    effects: {},
    markers: [0, 1, 2].map((at) => ({ id: `marker${at}`, time: seconds(at * 60), name: `Mark ${at}` })),
    editorState: { assets: {}, clips: {}, timelineItems: {}, transitions: {}, beats: {}, scenes: {}, sceneOrder: [] },
  };
  for (let at = 0; at < 4 * count; at++) {
    const start = Math.floor(at / 4) * SHOT;
    film.editorState.assets[`asset${at}`] = { id: `asset${at}`, type: 'video', url: `https://media.test/${at}` };
    putShot(film, `shot${at}`, { row: `V${at % 4}`, start, assetId: `asset${at}`, source: 240, name: `Shot ${at}` });
    film.editorState.beats[`beat${at}`] = { id: `beat${at}`, sceneId: 'scene', narration: 'It rains.', order: at };
    if (at >= 4 && at % 3 === 0)
      film.editorState.transitions[`mix${at}`] = {
        id: `mix${at}`,
        from: `shot${at - 4}`,
        to: `shot${at}`,
        duration: 0.5,
      };
  }
  film.editorState.scenes.scene = { id: 'scene', title: 'All', beatIds: Object.keys(film.editorState.beats) };
  film.editorState.sceneOrder.push('scene');
  return film;
}

interface NewShot {
  row: string;
  start: number;
  assetId: string;
  source: number;
  name: string;
  length?: number;
}

function putShot(film: Json, id: string, { row, start, assetId, source, name, length = SHOT }: NewShot): void {
  const state = film.editorState;
  const [from, to] = [seconds(start), seconds(start + length)];
  trackOf(film, row).actions.push({ id, start: from, end: to, effectId: id });
  film.effects[id] = { id, name };
  const clip = { id: `clip-${id}`, assetId, startOffset: seconds(source), endOffset: seconds(source + length) };
  state.clips[clip.id] = clip;
  state.timelineItems[id] = { id, clipId: clip.id, trackId: row, startTime: from, duration: to - from };
}

/** What an editor does, by the ids of what it is done to: the same can be done to another state of the film. */
export type Action =
  | { kind: 'trimTail' | 'trimHead' | 'nudge' | 'nudgeAndBack' | 'moveAlong'; shot: string; by: number }
  | { kind: 'split'; shot: string; by: number; id: string; isDerived: boolean; ownEffect: boolean }
  | { kind: 'delete' | 'rippleDelete'; shot: string }
  | { kind: 'moveAcross'; shot: string; track: string }
  | { kind: 'duplicate'; shot: string; id: string; track: string; at: number }
  | { kind: 'regroup'; shots: string[]; group: string }
  | { kind: 'rename'; shot: string; name: string }
  | { kind: 'mix'; id: string; from: string; to: string }
  | { kind: 'mixLonger'; id: string }
  | { kind: 'mark'; id: string; at: number }
  | { kind: 'moveMark' | 'unmark'; id: string; by: number }
  | { kind: 'tell'; beat: string; words: string }
  | { kind: 'addTrack'; id: string };

export const trackOf = (film: Json, id: string): Json => film.editorData.find((row: Json) => row.id === id);
export const shotsOf = (film: Json): Json[] => film.editorData.flatMap(({ actions }: Json) => actions);
export const rowOf = (film: Json, shot: string): Json =>
  film.editorData.find(({ actions }: Json) => actions.some(({ id }: Json) => id === shot));
export const shotOf = (film: Json, shot: string): Json => shotsOf(film).find(({ id }) => id === shot);
/** How many frames long a shot is. */
export const lengthOf = ({ start, end }: Json): number => frames(end - start);
/** What stands behind a shot on its track, and so goes with a ripple. */
export const laterThan = (film: Json, shot: string): Json[] => {
  const { start } = shotOf(film, shot);
  return rowOf(film, shot).actions.filter((other: Json) => other.id !== shot && other.start > start - seconds(0.5));
};

/** Does to a film what an editor did, as far as there still is what it is done to. */
export function act(film: Json, action: Action): void {
  if ('shot' in action && !shotOf(film, action.shot)) return;
  (ACTS[action.kind] as (film: Json, action: Action) => void)(film, action);
}

type Of<K extends Action['kind']> = Extract<Action, { kind: K }>;
const ACTS: { [K in Action['kind']]: (film: Json, action: Of<K>) => void } = {
  trimTail: (film, { shot, by }) => retime(film, shotOf(film, shot), { start: 0, end: -by }),
  trimHead: (film, { shot, by }) => retime(film, shotOf(film, shot), { start: by, end: 0 }),
  nudge: (film, { shot, by }) => shift(film, shotOf(film, shot), by),
  nudgeAndBack(film, { shot, by }) {
    shift(film, shotOf(film, shot), by);
    shift(film, shotOf(film, shot), -by);
  },
  moveAlong: (film, { shot, by }) => shift(film, shotOf(film, shot), by + 400),
  split(film, { shot: of, by, id, isDerived, ownEffect }) {
    const { effects, editorState: state } = film;
    const [shot, item] = [shotOf(film, of), state.timelineItems[of]];
    const [clip, cut] = [state.clips[item.clipId], shot.start + seconds(by)];
    const effectId = ownEffect ? id : shot.effectId;
    if (ownEffect) effects[id] = { ...effects[shot.effectId], id };
    rowOf(film, of).actions.push({ ...shot, id, start: cut, effectId, ...(isDerived && { derived_from: of }) });
    const startOffset = clip.startOffset + seconds(by);
    state.clips[`clip-${id}`] = { ...clip, id: `clip-${id}`, startOffset };
    state.timelineItems[id] = { ...item, id, clipId: `clip-${id}`, startTime: cut, duration: shot.end - cut };
    Object.assign(shot, { end: cut });
    item.duration = cut - shot.start;
    clip.endOffset = startOffset;
  },
  delete: (film, { shot }) => remove(film, shot),
  rippleDelete(film, { shot }) {
    const [later, by] = [laterThan(film, shot), lengthOf(shotOf(film, shot))];
    remove(film, shot);
    for (const other of later) shift(film, other, -by);
  },
  moveAcross(film, { shot: id, track }) {
    const [shot, row] = [shotOf(film, id), rowOf(film, id)];
    row.actions.splice(row.actions.indexOf(shot), 1);
    trackOf(film, track).actions.push(shot);
    film.editorState.timelineItems[id].trackId = track;
  },
  duplicate(film, { shot: of, id, track, at }) {
    const { timelineItems, clips } = film.editorState;
    const [shot, { assetId, startOffset }] = [shotOf(film, of), clips[timelineItems[of].clipId]];
    const { name } = film.effects[shot.effectId];
    const copy = { start: at, assetId, source: frames(startOffset), name, length: lengthOf(shot) };
    putShot(film, id, { row: track, ...copy });
    shotOf(film, id).copied_from = of;
  },
  regroup(film, { shots, group }) {
    for (const id of shots) if (film.editorState.timelineItems[id]) film.editorState.timelineItems[id].groupId = group;
  },
  rename: (film, { shot, name }) => (film.effects[shotOf(film, shot).effectId].name = name),
  mix: ({ editorState: { transitions } }, { id, from, to }) => (transitions[id] = { id, from, to, duration: 0.5 }),
  mixLonger({ editorState: { transitions } }, { id }) {
    if (transitions[id]) transitions[id].duration += 0.25;
  },
  mark: ({ markers }, { id, at }) => markers.push({ id, time: seconds(at), name: id }),
  moveMark({ markers }, { id, by }) {
    const marker = markers.find((one: Json) => one.id === id);
    if (marker) marker.time += seconds(by);
  },
  unmark(film, { id }) {
    film.markers = film.markers.filter((one: Json) => one.id !== id);
  },
  tell: ({ editorState: { beats } }, { beat, words }) => (beats[beat].narration = words),
  addTrack: ({ editorData }, { id }) => editorData.push({ id, actions: [] }),
};

function shift(film: Json, shot: Json, by: number): void {
  const item = film.editorState.timelineItems[shot.id];
  shot.start += seconds(by);
  shot.end += seconds(by);
  item.startTime = shot.start;
}

function retime(film: Json, shot: Json, { start, end }: { start: number; end: number }): void {
  const item = film.editorState.timelineItems[shot.id];
  const clip = film.editorState.clips[item.clipId];
  shot.start += seconds(start);
  shot.end += seconds(end);
  clip.startOffset += seconds(start);
  clip.endOffset += seconds(end);
  Object.assign(item, { startTime: shot.start, duration: shot.end - shot.start });
}

/** Takes a shot out with all that is its own, and with the transitions at its ends. */
function remove(film: Json, id: string): void {
  const { timelineItems, clips, transitions } = film.editorState;
  const [shot, row] = [shotOf(film, id), rowOf(film, id)];
  row.actions.splice(row.actions.indexOf(shot), 1);
  delete clips[timelineItems[id].clipId];
  delete timelineItems[id];
  if (!shotsOf(film).some(({ effectId }) => effectId === shot.effectId)) delete film.effects[shot.effectId];
  for (const mix of Object.values<Json>(transitions)) if (mix.from === id || mix.to === id) delete transitions[mix.id];
}
