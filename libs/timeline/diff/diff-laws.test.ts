import fc from 'fast-check';
import { canonicalJson } from '../canonical-json.js';
import { describeChanges } from './describe-changes.js';
import { diffDocuments } from './diff-documents.js';
import { committable, type Document } from '../document.js';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** A film of `count` shots on each of three tracks, without gaps, and six scenes of two beats. */
function film(count: number): Json {
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

const lengthOf = ({ start, end }: Json): number => end - start;

/** Moves a shot in time, with the item that says the same. */
function place({ editorState: state }: Json, action: Json, { start, end }: { start: number; end: number }) {
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

function takeShot(document: Json, row: Json, at: number): Json {
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

const EDITS: Edit[] = [
  {
    name: 'trim the tail and close up',
    most: 2,
    make: (document, nth, to) => {
      const { row, at, action } = shotAt(document, nth);
      if (!action) return;
      const by = some(action, to);
      place(document, action, { start: action.start, end: action.end - by });
      document.editorState.clips[document.editorState.timelineItems[action.id].clipId].endOffset -= by;
      ripple(document, row, at + 1, -by);
    },
  },
  {
    name: 'trim the head and close up',
    most: 2,
    make: (document, nth, to) => {
      const { row, at, action } = shotAt(document, nth);
      if (!action) return;
      const by = some(action, to);
      place(document, action, { start: action.start, end: action.end - by });
      document.editorState.clips[document.editorState.timelineItems[action.id].clipId].startOffset += by;
      ripple(document, row, at + 1, -by);
    },
  },
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

const step = fc.record({ kind: fc.nat(EDITS.length - 1), at: fc.nat(40), to: fc.nat(40) });
type Step = { kind: number; at: number; to: number };

function edited(base: Json, steps: Step[], tag = 'x'): Json {
  const document = structuredClone(base);
  steps.forEach(({ kind, at, to }, nth) => EDITS[kind]!.make(document, at, to, `${tag}${nth}`));
  return document;
}

const story = fc
  .tuple(fc.nat(6), fc.array(step, { maxLength: 8 }), fc.array(step, { maxLength: 8 }))
  .map(([count, one, other]) => {
    const base = film(count);
    return { before: edited(base, one, 'x'), after: edited(base, other, 'y') };
  });

const NAMES = ['a', 'b', 'c', '__proto__', 'constructor', '1'];
const name = fc.constantFrom<unknown>(...NAMES, 1, null, undefined);
const number = fc.constantFrom<unknown>(0, -0, 1, 2, 2.000000001, 2.5, 'x', undefined);
const id = fc.constantFrom<unknown>('a', 'b', 'c', 'd', 1, '1');
const oddList = (thing: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.uniqueArray(thing, {
        maxLength: 4,
        selector: (value) => canonicalJson((value as Json).id ?? null),
      }),
    },
    { weight: 1, arbitrary: fc.array(thing, { maxLength: 4 }) },
    fc.constantFrom<unknown>(undefined, [], {}, 7, null),
  );
const oddTable = (thing: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.dictionary(fc.constantFrom(...NAMES), fc.oneof({ weight: 9, arbitrary: thing }, number), {
        maxKeys: 4,
      }),
    },
    fc.constantFrom<unknown>(undefined, [], {}, 7, null),
  );
const names = fc.oneof(
  fc.array(name, { maxLength: 4 }),
  fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 }),
  number,
);
/** What looks like a film, and is wrong in many ways: dangling, shared, doubled, empty, of the wrong type. */
const oddFilm = fc.record(
  {
    editorData: oddList(
      fc.record(
        {
          id,
          name,
          actions: oddList(fc.record({ id, start: number, end: number, effectId: name, selected: number })),
        },
        { requiredKeys: ['id'] },
      ),
    ),
    effects: oddTable(fc.record({ id: name, name }, { requiredKeys: [] })),
    editorUi: number,
    editorState: fc.oneof(
      {
        weight: 9,
        arbitrary: fc.record(
          {
            scenes: oddTable(fc.record({ title: name, order: number, beatIds: names }, { requiredKeys: [] })),
            beats: oddTable(
              fc.record({ sceneId: name, order: number, characterIds: names, narration: name }, { requiredKeys: [] }),
            ),
            characters: oddTable(fc.record({ name }, { requiredKeys: [] })),
            assets: oddTable(fc.record({ url: name, relatedBeatId: name }, { requiredKeys: [] })),
            clips: oddTable(
              fc.record(
                { id: name, assetId: name, startOffset: number, endOffset: number, exact: number },
                { requiredKeys: [] },
              ),
            ),
            timelineItems: oddTable(
              fc.record(
                { clipId: name, trackId: name, startTime: number, duration: number, linkedBeatId: name },
                { requiredKeys: [] },
              ),
            ),
            sceneOrder: names,
            more: number,
          },
          { requiredKeys: [] },
        ),
      },
      number,
    ),
    generationTasks: number,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Document>;
const oddPair = fc.oneof(
  fc.record({ before: oddFilm, after: oddFilm }),
  fc
    .record({ before: oddFilm, other: oddFilm, keys: fc.array(fc.string({ maxLength: 1 })), nth: fc.nat(7) })
    .map(({ before, other, nth }) => ({ before, after: onePartFrom(before, other, nth) })),
);

/** A document with one table, or one section, of another. */
function onePartFrom(document: Json, other: Json, nth: number): Document {
  const tables = ['scenes', 'beats', 'characters', 'assets', 'clips', 'timelineItems', 'sceneOrder'];
  const [state, from] = [document.editorState, other.editorState];
  if (nth === 7 || typeof state !== 'object' || typeof from !== 'object')
    return { ...document, editorData: other.editorData };
  return { ...document, editorState: { ...state, [tables[nth]!]: from?.[tables[nth]!] } };
}

/** Any JSON at all, from few enough keys and values that two of them have much in common. */
const { document: anything } = fc.letrec<{ document: Document; value: unknown }>((tie) => ({
  document: fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'beatIds', 'editorState', 'scenes'), tie('value'), {
    maxKeys: 3,
  }),
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(0, 1, 'x', null, -0),
    fc.array(fc.constantFrom('p', 'q', 'r', 's'), { maxLength: 4 }),
    fc.uniqueArray(fc.record({ id: fc.constantFrom('i', 'j', 'k', 1), list: tie('value') }, { requiredKeys: ['id'] }), {
      maxLength: 4,
      selector: ({ id }) => id,
    }),
    tie('document'),
  ),
}));
const anyPair = fc.record({ before: anything, after: anything });
const pair: fc.Arbitrary<{ before: Document; after: Document }> = fc.oneof(story, oddPair, anyPair);

const told = (before: Document, after: Document) => diffDocuments(before, after);

test('nothing is told of a document and itself', () => {
  fc.assert(
    fc.property(pair, ({ before }) => {
      expect(told(before, structuredClone(before))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('something is told exactly if both would not be the same commit, and it can be said', () => {
  fc.assert(
    fc.property(pair, ({ before, after }) => {
      const changes = told(before, after);
      const isSame = canonicalJson(committable(before)) === canonicalJson(committable(after));
      expect(changes.length === 0).toBe(isSame);
      for (const language of ['en', 'zh'] as const) {
        for (const sentence of describeChanges(changes, { language })) expect(sentence).toMatch(/^\S.*\S$/s);
      }
    }),
    { numRuns: 1000 },
  );
});

test('what is told does not depend on the order of keys', () => {
  const turned = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(turned);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, item]) => [key, turned(item)]),
    );
  };
  fc.assert(
    fc.property(pair, ({ before, after }) => {
      expect(canonicalJson(told(turned(before), turned(after)))).toBe(canonicalJson(told(before, after)));
    }),
    { numRuns: 300 },
  );
});

test('nothing that keeps its id is both removed and added, and nothing is told twice', () => {
  fc.assert(
    fc.property(pair, ({ before, after }) => {
      const changes = told(before, after).filter(({ entity }) => entity !== 'value');
      const ids = (kind: string) =>
        changes.filter((change) => change.kind === kind).map(({ entity, id }) => canonicalJson([entity, id]));
      const added = new Set(ids('added'));
      expect(ids('removed').filter((id) => added.has(id))).toEqual([]);
      const said = changes.map(({ kind, path, ...more }) =>
        canonicalJson([kind, path, 'edge' in more ? more.edge : '', 'first' in more ? more.first : '']),
      );
      expect(new Set(said).size).toBe(said.length);
    }),
    { numRuns: 500 },
  );
});

test('each edit alone takes no more changes than it should', () => {
  fc.assert(
    fc.property(step, fc.integer({ min: 1, max: 8 }), (one, count) => {
      const base = film(count);
      expect(told(base, edited(base, [one])).length).toBeLessThanOrEqual(EDITS[one.kind]!.most);
    }),
    { numRuns: 500 },
  );
});

test('many edits take no more changes than all of them alone', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.integer({ min: 1, max: 12 }), (steps, count) => {
      const base = film(count);
      const most = steps.reduce((sum, { kind }) => sum + (EDITS[kind]!.among ?? EDITS[kind]!.most), 0);
      expect(told(base, edited(base, steps)).length).toBeLessThanOrEqual(most);
    }),
    { numRuns: 500 },
  );
});

test('a trim that closes up is two changes, however many shots follow; a move is one, besides those that make room', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(29), fc.boolean(), fc.nat(9), (count, nth, isHead, to) => {
      const base = film(count);
      const after = structuredClone(base);
      const at = nth % (count - 1);
      EDITS[isHead ? 1 : 0]!.make(after, 0, 0, '');
      const row = after.editorData[0];
      expect(told(base, after).map(({ kind }) => kind)).toEqual(['trimmed', 'shifted']);

      const moved = structuredClone(base);
      const action = takeShot(moved, moved.editorData[1], at);
      moved.editorData[2].actions.push(action);
      const start = 1000 + to;
      place(moved, action, { start, end: start + lengthOf(action) });
      moved.editorState.timelineItems[action.id].trackId = '2';
      const kinds = told(base, moved).map(({ kind }) => kind);
      expect(kinds.sort()).toEqual(['moved', 'shifted']);
      expect(row.actions).toHaveLength(count);
    }),
    { numRuns: 100 },
  );
});

test('five thousand shots are compared in a time that grows with them, not with their square', () => {
  const time = (count: number): number => {
    const base = film(count);
    const after = structuredClone(base);
    for (const nth of [3, 33, 333]) EDITS[0]!.make(after, nth, nth, '');
    for (const nth of [4, 44, 444]) EDITS[3]!.make(after, nth, 2 * nth, '');
    const runs = Array.from({ length: 5 }, () => {
      const start = performance.now();
      told(base, after);
      return performance.now() - start;
    });
    return Math.min(...runs);
  };
  const [small, large] = [time(170), time(1700)];
  expect(large).toBeLessThan(40 * Math.max(small, 1));
});
