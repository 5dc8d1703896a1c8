import fc from 'fast-check';
import { addClip, addScene, allActions, drop, edited, edits, film, type Edits } from '#libs/testing/film-edits';
import { canonicalJson } from '../canonical-json.js';
import type { Document } from '../document.js';
import { mergeDocuments, type Conflict } from './merge-documents.js';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

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

const flipped = ({ ours, theirs, also, message: _words, ...rest }: Conflict) => {
  const turned = also?.map((place) => ({ ...place, ours: place.theirs, theirs: place.ours }));
  return canonicalJson({ ...rest, ours: theirs, theirs: ours, also: turned });
};
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
  (document, at, to, tag) => addClip(document, `${tag}`, at, to + 0.25),
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
