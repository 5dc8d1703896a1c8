import fc from 'fast-check';
import { canonicalJson } from '../canonical-json.js';
import type { Document } from '../document.js';
import { mergeDocuments, type Conflict } from './merge-documents.js';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** A film of `clips` clips on three tracks, two beats and one of four people to a scene. */
function film(clips: number): Json {
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

function addClip(document: Json, id: string, row: number, start: number) {
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

function addScene({ editorState: state }: Json, id: string, beats: string[]) {
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

const allActions = (document: Json): Json[] => document.editorData.flatMap((row: Json) => row.actions);
const pick = (list: Json[], at: number): Json => list[at % list.length];
const drop = (list: unknown[], value: unknown) => list.includes(value) && list.splice(list.indexOf(value), 1);

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
const edits = fc.array(edit, { minLength: 1, maxLength: 6 });
type Edits = { kind: number; at: number; to: number }[];

function edited(base: Json, steps: Edits, tag: string): Json {
  const document = structuredClone(base);
  steps.forEach(({ kind, at, to }, nth) => EDITS[kind]!(document, at, to, `${tag}${nth}`));
  return document;
}

const story = fc.tuple(fc.nat(8), edits, edits).map(([clips, ours, theirs]) => {
  const base = film(clips);
  return { base, ours: edited(base, ours, 'x'), theirs: edited(base, theirs, 'y') };
});

/** Any JSON at all, from few enough keys and values that three of them have much in common. */
const { document: anything } = fc.letrec<{ document: Document; value: unknown }>((tie) => ({
  document: fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'beatIds'), tie('value'), { maxKeys: 3 }),
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(0, 1, 'x', null, -0),
    fc.array(fc.constantFrom('p', 'q', 'r', 's'), { maxLength: 4 }),
    fc.uniqueArray(
      fc.record({ id: fc.constantFrom('i', 'j', 'k', 1), list: tie('value'), n: fc.nat(1) }, { requiredKeys: ['id'] }),
      {
        maxLength: 4,
        selector: ({ id }) => id,
      },
    ),
    tie('document'),
  ),
}));
const anyThree = fc.record({ base: anything, ours: anything, theirs: anything });
const three = fc.oneof(story, anyThree);

const flipped = ({ ours, theirs, message: _words, ...rest }: Conflict) =>
  canonicalJson({ ...rest, ours: theirs, theirs: ours });
const plain = ({ message: _words, ...rest }: Conflict) => canonicalJson(rest);

test('a version merged with itself is itself', () => {
  fc.assert(
    fc.property(three, ({ base, ours }) => {
      const { merged, conflicts } = mergeDocuments(base, ours, structuredClone(ours));
      expect(conflicts).toEqual([]);
      expect(canonicalJson(merged)).toBe(canonicalJson(ours));
    }),
    { numRuns: 200 },
  );
});

test('where one side changed nothing, the other is the result, key for key', () => {
  fc.assert(
    fc.property(three, ({ base, ours }) => {
      const forward = mergeDocuments(base, structuredClone(base), ours);
      const still = mergeDocuments(base, ours, structuredClone(base));
      expect([forward.conflicts, still.conflicts]).toEqual([[], []]);
      expect(canonicalJson(forward.merged)).toBe(canonicalJson(ours));
      expect(JSON.stringify(still.merged)).toBe(JSON.stringify(ours));
    }),
    { numRuns: 200 },
  );
});

test('which side is ours decides nothing but who stands where they disagree', () => {
  fc.assert(
    fc.property(three, ({ base, ours, theirs }) => {
      const there = mergeDocuments(base, ours, theirs);
      const back = mergeDocuments(base, theirs, ours);
      expect(back.conflicts.map(flipped).sort()).toEqual(there.conflicts.map(plain).sort());
      if (there.conflicts.length === 0) expect(canonicalJson(back.merged)).toBe(canonicalJson(there.merged));
    }),
    { numRuns: 500 },
  );
});

test('each place is reported once', () => {
  fc.assert(
    fc.property(three, ({ base, ours, theirs }) => {
      const reported = mergeDocuments(base, ours, theirs).conflicts.map(({ kind, path }) =>
        canonicalJson([kind, path]),
      );
      expect(new Set(reported).size).toBe(reported.length);
    }),
    { numRuns: 200 },
  );
});

test('no clip and no beat is lost or doubled', () => {
  const clips = (document: Json): string[] => allActions(document).map(({ id }) => id);
  const beats = ({ editorState }: Json): string[] =>
    Object.values<Json>(editorState.scenes).flatMap(({ beatIds }) => beatIds);
  const tables = ['scenes', 'beats', 'characters', 'assets', 'clips', 'timelineItems'];
  const entries = ({ editorState }: Json): string[] => tables.flatMap((name) => Object.keys(editorState[name]));
  const order = ({ editorState }: Json): string[] => editorState.sceneOrder;
  fc.assert(
    fc.property(story, ({ base, ours, theirs }) => {
      const { merged, conflicts } = mergeDocuments(base, ours, theirs);
      for (const idsOf of [clips, beats, entries, order]) {
        const [before, left, right, after] = [base, ours, theirs, merged].map(idsOf) as [
          string[],
          string[],
          string[],
          string[],
        ];
        const others = new Set(right);
        const expected = [...new Set([...left, ...right])].filter((id) =>
          before.includes(id) ? left.includes(id) && others.has(id) : true,
        );
        expect(new Set(after).size).toBe(after.length);
        if (conflicts.length === 0) expect([...after].sort()).toEqual(expected.sort());
        else expect(left.filter((id) => others.has(id) && !after.includes(id))).toEqual([]);
      }
    }),
    { numRuns: 400 },
  );
});

test('what nobody touched is the same to the letter', () => {
  const things = (document: Json) =>
    new Map(
      [...allActions(document), ...Object.values(document.editorState).flatMap((table: Json) => Object.values(table))]
        .filter((thing) => typeof thing === 'object')
        .map((thing: Json) => [`${thing.clipId ?? ''} ${thing.id} ${thing.effectId ?? ''}`, JSON.stringify(thing)]),
    );
  fc.assert(
    fc.property(story, ({ base, ours, theirs }) => {
      const merged = things(mergeDocuments(base, ours, theirs).merged);
      const [left, right] = [things(ours), things(theirs)];
      for (const [id, text] of things(base)) {
        if (left.get(id) === text && right.get(id) === text) expect(merged.get(id)).toBe(text);
      }
    }),
    { numRuns: 200 },
  );
});

test('merging the same version again changes nothing', () => {
  fc.assert(
    fc.property(story, ({ base, ours, theirs }) => {
      const { merged, conflicts } = mergeDocuments(base, ours, theirs);
      if (conflicts.length > 0) return;
      const again = mergeDocuments(theirs, merged, theirs);
      expect(again.conflicts).toEqual([]);
      expect(canonicalJson(again.merged)).toBe(canonicalJson(merged));
    }),
    { numRuns: 150 },
  );
});

test('renaming every id renames the result and its conflicts', () => {
  const rename = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replace(/"(item|asset|clip|beat|scene|who)([xy]?\d+)"/g, '"$1-$2"')) as T;
  fc.assert(
    fc.property(story, ({ base, ours, theirs }) => {
      const before = mergeDocuments(base, ours, theirs);
      const after = mergeDocuments(rename(base), rename(ours), rename(theirs));
      expect(after.conflicts.map(plain)).toEqual(rename(before.conflicts).map(plain));
      expect(canonicalJson(after.merged)).toBe(canonicalJson(rename(before.merged)));
    }),
    { numRuns: 150 },
  );
});

/** Edits that stay with the even things, or with the odd ones. */
const separate: ((document: Json, at: number, to: number, tag: string) => void)[] = [
  (document, at, to) => {
    for (const action of allActions(document))
      if (action.id === `item${at}`) Object.assign(action, { start: to, end: to + 1 });
  },
  (document, at, to) => {
    for (const row of document.editorData) {
      const action = row.actions.find(({ id }: Json) => id === `item${at}`);
      if (!action) continue;
      drop(row.actions, action);
      return document.editorData[to % 3].actions.push(action);
    }
  },
  (document, at) => {
    for (const row of document.editorData) row.actions = row.actions.filter(({ id }: Json) => id !== `item${at}`);
    delete document.effects[`item${at}`];
    delete document.editorState.timelineItems[`item${at}`];
  },
  (document, at, to, tag) => addClip(document, `${tag}`, at, to),
  ({ editorState }, at, to) => (editorState.beats[`beat${at}`].narration = `Text ${to}`),
  ({ editorState }, at, to) => drop(editorState.beats[`beat${at}`].characterIds, `who${to % 2}`),
  ({ editorState }, at) => editorState.beats[`beat${at}`].characterIds.push('who3'),
  (document, _at, _to, tag) => addScene(document, tag, [tag]),
  ({ editorState }, at, to) => (editorState.assets[`asset${at}`].duration = to),
  (document, _at, _to, tag) => document.tags.push(tag),
  (document, _at, _to, tag) => document.editorData.push({ id: `row${tag}`, actions: [] }),
];
const separateSteps = (parity: number) =>
  fc.array(fc.record({ kind: fc.nat(separate.length - 1), at: fc.nat(4).map((n) => n * 2 + parity), to: fc.nat(30) }), {
    maxLength: 8,
  });
const apart = (base: Json, steps: Edits, tag: string): Json => {
  const document = structuredClone(base);
  const cast = new Set<number>();
  steps.forEach(({ kind, at, to }, nth) => {
    if (kind === 6 && cast.has(at)) return;
    if (kind === 6) cast.add(at);
    separate[kind]!(document, at, to, `${tag}${nth}`);
  });
  return document;
};
/** A document in which the order of lists has no say. */
const unordered = (value: Json): Json => {
  if (Array.isArray(value)) return value.map((item) => canonicalJson(unordered(item))).sort();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unordered(item)]));
};

test('edits of different things never conflict, and are as if made one after the other', () => {
  fc.assert(
    fc.property(separateSteps(0), separateSteps(1), (evens, odds) => {
      const base = film(10);
      const [ours, theirs] = [apart(base, evens, 'x'), apart(base, odds, 'y')];
      const { merged, conflicts } = mergeDocuments(base, ours, theirs);
      expect(conflicts).toEqual([]);
      expect(unordered(merged)).toEqual(unordered(apart(ours, odds, 'y')));
    }),
    { numRuns: 250 },
  );
});

type Plant = [kind: string, path: string, ours: (document: Json) => void, theirs: (document: Json) => void];
const takeFrom = (document: Json, id: string): Json => {
  for (const row of document.editorData) {
    const action = row.actions.find((action: Json) => action.id === id);
    if (action && drop(row.actions, action)) return action;
  }
};
const PLANTS: Plant[] = [
  [
    'both_changed',
    'effects/item8/name',
    (film) => (film.effects.item8.name = 'A'),
    (film) => (film.effects.item8.name = 'B'),
  ],
  [
    'deleted_and_changed',
    'effects/item8',
    (film) => delete film.effects.item8,
    (film) => (film.effects.item8.name = 'B'),
  ],
  [
    'moved_twice',
    'editorData/2/actions/item8',
    (film) => film.editorData[0].actions.push(takeFrom(film, 'item8')),
    (film) => film.editorData[1].actions.push(takeFrom(film, 'item8')),
  ],
  [
    'deleted_and_changed',
    'editorData/2/actions/item8',
    (film) => film.editorData[0].actions.push(takeFrom(film, 'item8')),
    (film) => takeFrom(film, 'item8'),
  ],
  [
    'deleted_but_used',
    'editorState/characters/who2',
    (film) => delete film.editorState.characters.who2,
    (film) => film.editorState.beats.beat8.characterIds.push('who2'),
  ],
  [
    'moved_twice',
    'editorState/sceneOrder/scene8',
    ({ editorState: { sceneOrder } }) => sceneOrder.unshift(sceneOrder.splice(sceneOrder.indexOf('scene8'), 1)[0]),
    ({ editorState: { sceneOrder } }) => sceneOrder.splice(2, 0, sceneOrder.splice(sceneOrder.indexOf('scene8'), 1)[0]),
  ],
];

test('a true conflict among other edits is always reported, and is the only one', () => {
  const around = (parity: number) => separateSteps(parity).map((steps) => steps.filter(({ at }) => at < 8));
  fc.assert(
    fc.property(
      fc.constantFrom(...PLANTS),
      fc.boolean(),
      around(0),
      around(1),
      ([kind, path, one, other], swap, evens, odds) => {
        const base = film(10);
        const [ours, theirs] = [apart(base, evens, 'x'), apart(base, odds, 'y')];
        (swap ? other : one)(ours);
        (swap ? one : other)(theirs);
        const { conflicts } = mergeDocuments(base, ours, theirs);
        expect(conflicts.map((found) => `${found.kind} ${found.path.join('/')}`)).toEqual([`${kind} ${path}`]);
      },
    ),
    { numRuns: 400 },
  );
});
