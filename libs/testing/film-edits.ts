import fc from 'fast-check';

/** Documents that are built by hand, field by field. */
export type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** A film of `clips` clips on three tracks, two beats and one of four people to a scene. */
export function film(clips: number): Json {
  const document: Json = {
    editorData: [0, 1, 2].map((row) => ({ id: String(row), actions: [], rowHeight: 40 })),
    effects: {},
    editorState: { scenes: {}, beats: {}, characters: {}, assets: {}, clips: {}, timelineItems: {}, sceneOrder: [] },
    tags: ['draft'],
  };
  for (let at = 0; at < 4; at++) document.editorState.characters[`who${at}`] = { id: `who${at}`, name: `Person ${at}` };
  for (let at = 0; at < clips; at++) addClip(document, `${at}`, at % 3, at * 2);
  for (let at = 0; at < clips; at += 2) addScene(document, `${at}`, [`${at}`, `${at + 1}`]);
  return document;
}

export function addClip(document: Json, id: string, row: number, start: number) {
  const { editorState: state } = document;
  document.editorData[row % Math.min(3, document.editorData.length)]?.actions.push({
    id: `item${id}`,
    start,
    end: start + 2,
    effectId: `item${id}`,
  });
  document.effects[`item${id}`] = { id: `item${id}`, name: `Shot ${id}` };
  state.assets[`asset${id}`] = { id: `asset${id}`, type: 'video', url: `https://media.test/${id}` };
  state.clips[`clip${id}`] = { id: `clip${id}`, assetId: `asset${id}`, startOffset: 0 };
  state.timelineItems[`item${id}`] = { id: `item${id}`, clipId: `clip${id}`, startTime: start, duration: 2 };
}

export function addScene({ editorState: state }: Json, id: string, beats: string[]) {
  state.scenes[`scene${id}`] = { id: `scene${id}`, title: `Scene ${id}`, beatIds: beats.map((beat) => `beat${beat}`) };
  for (const beat of beats)
    state.beats[`beat${beat}`] = {
      id: `beat${beat}`,
      sceneId: `scene${id}`,
      characterIds: ['who0'],
      narration: 'It rains.',
    };
  state.sceneOrder.push(`scene${id}`);
}

export const allActions = (document: Json): Json[] => document.editorData.flatMap((row: Json) => row.actions);
const pick = (list: Json[], at: number): Json => list[at % list.length];
export const drop = (list: unknown[], value: unknown) => list.includes(value) && list.splice(list.indexOf(value), 1);

/** Each kind of edit people make, on whatever `at` and `to` happen to point to; new ids begin with `tag`. */
const EDITS: ((document: Json, at: number, to: number, tag: string) => void)[] = [
  (document, at, to) => {
    const action = pick(allActions(document), at);
    if (action) Object.assign(action, { start: to, end: to + 3 });
  },
  (document, at, to) => {
    const action = pick(allActions(document), at);
    if (!action) return;
    for (const row of document.editorData) drop(row.actions, action);
    const { actions } = pick(document.editorData, to);
    actions.splice(at % (actions.length + 1), 0, action);
  },
  (document, at, to, tag) => addClip(document, tag, at, to),
  (document, at) => {
    const action = pick(allActions(document), at);
    if (!action) return;
    for (const row of document.editorData) drop(row.actions, action);
    delete document.effects[action.effectId];
    delete document.editorState.timelineItems[action.id];
  },
  ({ editorState: state }, at, to) => {
    const beat = pick(Object.values(state.beats), at);
    if (beat) beat.narration = `Text ${to}`;
  },
  ({ editorState: state }, at, to) => {
    const beat = pick(Object.values(state.beats), at);
    const scene = pick(Object.values(state.scenes), to);
    if (!beat || !scene) return;
    for (const other of Object.values<Json>(state.scenes)) drop(other.beatIds, beat.id);
    scene.beatIds.push(beat.id);
    beat.sceneId = scene.id;
  },
  ({ editorState: state }, at, to) => {
    const [id] = state.sceneOrder.splice(at % state.sceneOrder.length, 1);
    if (id) state.sceneOrder.splice(to % (state.sceneOrder.length + 1), 0, id);
  },
  ({ editorState: state }, at) => {
    const scene = pick(Object.values(state.scenes), at);
    if (!scene) return;
    for (const beat of scene.beatIds) delete state.beats[beat];
    delete state.scenes[scene.id];
    drop(state.sceneOrder, scene.id);
  },
  (document, _at, _to, tag) => addScene(document, tag, [tag]),
  ({ editorState: state }, at, to) => {
    const beat = pick(Object.values(state.beats), at);
    const who = pick(Object.keys(state.characters), to);
    if (beat && who && !drop(beat.characterIds, who)) beat.characterIds.push(who);
  },
  ({ editorState: state }, at) => {
    const who = pick(Object.keys(state.characters), at);
    delete state.characters[who];
    for (const beat of Object.values<Json>(state.beats)) drop(beat.characterIds, who);
  },
  (document, at, _to, tag) => document.editorData.splice(at % 3, 0, { id: `row${tag}`, actions: [] }),
  (document, at) => document.editorData.length > 1 && document.editorData.splice(at % document.editorData.length, 1),
  (document, at, _to, tag) => (at % 2 ? drop(document.tags, 'draft') : document.tags.push(tag)),
];

const edit = fc.record({ kind: fc.nat(EDITS.length - 1), at: fc.nat(40), to: fc.nat(40) });
/** A few edits of one person. */
export const edits = fc.array(edit, { minLength: 1, maxLength: 6 });
/** Which kind of edit, on what, and to what. */
export type Edits = { kind: number; at: number; to: number }[];

/** A copy of a document after somebody's edits. */
export function edited(base: Json, steps: Edits, tag: string): Json {
  const document = structuredClone(base);
  steps.forEach(({ kind, at, to }, nth) => EDITS[kind]!(document, at, to, `${tag}${nth}`));
  return document;
}
