import fc from 'fast-check';
import { edited, edits, film } from '#libs/testing/film-edits';
import type { Document } from '../document.js';
import { mergeDocuments, type Conflict } from './merge-documents.js';
import { conflictId, mergeResolved } from './merge-resolved.js';
import { allowedTakes, type Resolution } from './settle-conflict.js';
import type { Versions } from './versions.js';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

function versions(ours: (document: Json) => void, theirs: (document: Json) => void): Versions<Document> {
  const base = film(4);
  const [one, other] = [structuredClone(base), structuredClone(base)];
  ours(one);
  theirs(other);
  return { base, ours: one, theirs: other };
}

/** The merge with every conflict settled in one way, however often a new one comes up. */
function settledAll(three: Versions<Document>, choose: (conflict: Conflict) => Resolution) {
  const resolutions = new Map<string, Resolution>();
  for (let round = 0; round < 20; round++) {
    const result = mergeResolved(three, resolutions);
    if (result.open.length === 0) return { ...result, resolutions };
    for (const conflict of result.open) resolutions.set(conflict.id, choose(conflict));
  }
  throw new Error(`Never settled: ${JSON.stringify(mergeResolved(three, resolutions).open)}`);
}
const take = (wish: Resolution['take']) => () => ({ take: wish });

describe('a field that both sides changed', () => {
  const three = versions(
    ({ editorState }) => (editorState.beats.beat1.narration = 'Snow.'),
    ({ editorState }) => (editorState.beats.beat1.narration = 'Rain.'),
  );
  const [conflict] = mergeResolved(three, new Map()).open;

  test.each([
    [{ take: 'ours' as const }, 'Snow.'],
    [{ take: 'theirs' as const }, 'Rain.'],
    [{ take: 'base' as const }, 'It rains.'],
    [{ take: 'value' as const, value: 'Hail.' }, 'Hail.'],
  ])('becomes what was chosen: %j', (resolution, narration) => {
    const { merged, open, settled } = mergeResolved(three, new Map([[conflict!.id, resolution]]));
    expect([open, settled.length]).toEqual([[], 1]);
    expect((merged as Json).editorState.beats.beat1.narration).toBe(narration);
  });

  test('keeps its resolution when something else is pushed, and loses it when one of its values changes', () => {
    const resolutions = new Map([[conflict!.id, { take: 'theirs' as const }]]);
    const pushed = structuredClone(three.theirs) as Json;
    pushed.editorState.beats.beat2.narration = 'Elsewhere.';
    expect(mergeResolved({ ...three, theirs: pushed }, resolutions).open).toEqual([]);
    pushed.editorState.beats.beat1.narration = 'Fog.';
    expect(mergeResolved({ ...three, theirs: pushed }, resolutions).open).toHaveLength(1);
  });

  test('is not settled by what is not allowed for it', () => {
    expect(mergeResolved(three, new Map([[conflict!.id, { take: 'restore' as const }]])).open).toHaveLength(1);
  });
});

describe('a shot that one side deleted and the other trimmed', () => {
  const three = versions(
    (document) => {
      document.editorData[0].actions = document.editorData[0].actions.filter(({ id }: Json) => id !== 'item0');
      delete document.effects.item0;
      delete document.editorState.timelineItems.item0;
      delete document.editorState.clips.clip0;
    },
    (document) => (document.editorData[0].actions[0].end = 1),
  );

  test('goes, with all that it was made of', () => {
    const { merged } = settledAll(three, take('ours')) as Json;
    expect(merged.editorData[0].actions.map(({ id }: Json) => id)).toEqual(['item3']);
    expect([merged.effects.item0, merged.editorState.timelineItems.item0]).toEqual([undefined, undefined]);
  });

  test('stays where it was, with all that it is made of', () => {
    const { merged } = settledAll(three, take('theirs')) as Json;
    expect(merged.editorData[0].actions).toMatchObject([{ id: 'item0', end: 1 }, { id: 'item3' }]);
    expect(merged.effects.item0).toBeDefined();
    expect(merged.editorState.timelineItems.item0).toBeDefined();
    expect(merged.editorState.clips.clip0).toBeDefined();
  });
});

test('a shot that both sides moved, to different tracks, stands on the chosen one and on no other', () => {
  const move = (document: Json, to: number) =>
    document.editorData[to].actions.push(document.editorData[0].actions.shift());
  const three = versions(
    (document) => void move(document, 1),
    (document) => void move(document, 2),
  );
  for (const [wish, row] of [
    ['ours', 1],
    ['theirs', 2],
    ['base', 0],
  ] as const) {
    const { merged } = settledAll(three, take(wish)) as Json;
    const rows = merged.editorData.map(({ actions }: Json) => actions.some(({ id }: Json) => id === 'item0'));
    expect(rows).toEqual([0, 1, 2].map((at) => at === row));
  }
});

describe('a character that one side deleted and the other began to use', () => {
  const three = versions(
    ({ editorState }) => {
      delete editorState.characters.who0;
      for (const beat of Object.values<Json>(editorState.beats)) beat.characterIds = [];
    },
    ({ editorState }) => {
      editorState.beats.beat9 = { id: 'beat9', sceneId: 'scene0', characterIds: ['who0', 'who1'] };
      editorState.scenes.scene0.beatIds.push('beat9');
    },
  );

  test('comes back, to where it was as well', () => {
    const { merged } = settledAll(three, take('restore')) as Json;
    expect(merged.editorState.characters.who0).toBeDefined();
    expect(merged.editorState.beats.beat9.characterIds).toEqual(['who0', 'who1']);
    expect(merged.editorState.beats.beat1.characterIds).toEqual(['who0']);
  });

  test('is gone, and no longer used', () => {
    const { merged } = settledAll(three, take('drop_use')) as Json;
    expect(merged.editorState.characters.who0).toBeUndefined();
    expect(merged.editorState.beats.beat9.characterIds).toEqual(['who1']);
  });
});

const story = fc.tuple(fc.nat(8), edits, edits).map(([clips, ours, theirs]) => {
  const base: Document = film(clips);
  return { base, ours: edited(base, ours, 'x') as Document, theirs: edited(base, theirs, 'y') as Document };
});

test('however conflicts are settled, all of them are in the end, with no id lost twice or doubled', () => {
  fc.assert(
    fc.property(story, fc.infiniteStream(fc.nat(3)), (three, numbers) => {
      const { merged } = settledAll(three, (conflict) => {
        const takes = allowedTakes(conflict).filter((wish) => wish !== 'value' || conflict.path.length > 3);
        return { take: takes[numbers.next().value! % takes.length]!, value: 'mine' };
      }) as Json;
      const ids = merged.editorData.flatMap(({ actions }: Json) => actions.map(({ id }: Json) => id));
      expect(new Set(ids).size).toBe(ids.length);
      const sides = [three.ours, three.theirs].flatMap((side: Json) =>
        side.editorData.flatMap(({ actions }: Json) => actions.map(({ id }: Json) => id)),
      );
      expect(ids.filter((id: string) => !sides.includes(id))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('without resolutions it is the merge there always was, with names for its conflicts', () => {
  fc.assert(
    fc.property(story, (three) => {
      const { merged, conflicts } = mergeDocuments(three.base, three.ours, three.theirs);
      const resolved = mergeResolved(three, new Map());
      expect(resolved.merged).toEqual(merged);
      expect(resolved.open.map(({ id: _id, ...conflict }) => conflict)).toEqual(conflicts);
      expect(resolved.open.map(({ id }) => id)).toEqual(conflicts.map(conflictId));
    }),
    { numRuns: 200 },
  );
});
