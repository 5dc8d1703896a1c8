import fc from 'fast-check';
import { canonicalJson } from '#libs/timeline/canonical-json';
import type { Document } from '#libs/timeline/document';
import type { Json } from './film-edits.js';

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
/** Two such films, which often have most in common. */
export const oddPair = fc.oneof(
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
/** Two of these. */
export const anyPair = fc.record({ before: anything, after: anything });
