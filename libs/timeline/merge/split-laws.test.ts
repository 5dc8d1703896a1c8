import fc from 'fast-check';
import {
  cutBy,
  cutFilm,
  cutStep,
  cutStyle,
  played,
  playedFrames,
  type CutStep,
  type CutStyle,
} from '#libs/testing/cut-film';
import type { Json } from '#libs/testing/film-edits';
import { canonicalJson } from '../canonical-json.js';
import { mergeDocuments, type Conflict } from './merge-documents.js';
import { conflictId, mergeResolved } from './merge-resolved.js';

const steps = fc.array(cutStep, { minLength: 1, maxLength: 4 });
const storyOf = ({ style, ours: mine, theirs: others }: { style: CutStyle; ours: CutStep[]; theirs: CutStep[] }) => {
  const base = cutFilm(style);
  return {
    base,
    ours: cutBy(base, mine, style, 'x'),
    theirs: cutBy(base, others, style, 'y'),
    isBare: style.isBare,
    told: JSON.stringify({ style, steps: [mine, others] }),
  };
};
const story = fc.record({ style: cutStyle, ours: steps, theirs: steps }).map(storyOf);
const PLAIN: CutStyle = { isBare: false, isDerived: false, ownEffects: false, endOffsets: false };
const BARE: CutStyle = { ...PLAIN, isBare: true };
/** A story that once broke a law, its steps as `split 0 by 1`. */
const known = (style: CutStyle, ours: string[], theirs: string[]) => {
  const stepOf = (text: string): CutStep => {
    const [kind, at, , by = '1'] = text.split(' ');
    return { kind: kind as CutStep['kind'], at: Number(at), by: Number(by) };
  };
  return storyOf({ style, ours: ours.map(stepOf), theirs: theirs.map(stepOf) });
};
/**
 * Whether a side has a new shot that says in no way what it was cut off: no source, no name, and no effect that was there,
 * or one whose shot is on another track.
 */
const hasNoTrace = (base: Json, side: Json): boolean => {
  const shotsOf = (film: Json): Json[] =>
    film.editorData.flatMap(({ id: row, actions }: Json) => actions.map((action: Json) => ({ ...action, row })));
  const [before, now] = [base, side].map((film) => new Map(shotsOf(film).map((shot) => [shot.id, shot])));
  return [...now!.values()].some((shot) => {
    if (before!.has(shot.id) || before!.has(shot.derived_from) || now!.has(shot.derived_from)) return false;
    const origin = [...before!.values()].find(({ effectId }) => effectId === shot.effectId);
    return !origin || (now!.get(origin.id)?.row ?? shot.row) !== shot.row;
  });
};
const RUNS = { numRuns: Number(process.env.SPLIT_RUNS ?? 100) };

const flipped = ({ ours, theirs, also, message: _words, ...rest }: Conflict) => {
  const turned = also?.map((place) => ({ ...place, ours: place.theirs, theirs: place.ours }));
  return canonicalJson({ ...rest, ours: theirs, theirs: ours, also: turned });
};
const plain = ({ message: _words, ...rest }: Conflict) => canonicalJson(rest);
/** Shots by their ids: their order on a track says nothing. */
const settled = (film: Json): string =>
  canonicalJson({
    ...film,
    editorData: film.editorData.map((row: Json) => ({
      ...row,
      actions: [...row.actions].sort((a: Json, b: Json) => (a.id < b.id ? -1 : 1)),
    })),
  });

test('what both still play is played once, and nothing else', () => {
  fc.assert(
    fc.property(story, ({ base, ours, theirs, isBare }) => {
      const { merged, conflicts } = mergeDocuments(base, ours, theirs);
      if (conflicts.length > 0) return;
      if (isBare && (hasNoTrace(base, ours) || hasNoTrace(base, theirs))) return;
      if (isBare)
        return expect(playedFrames(merged)).toBeLessThanOrEqual(Math.min(playedFrames(ours), playedFrames(theirs)));
      const [mine, other] = [played(ours), played(theirs)];
      const both = [...mine.keys()].filter((frame) => other.has(frame));
      expect([...played(merged)].sort()).toEqual(both.map((frame) => [frame, 1]).sort());
    }),
    {
      ...RUNS,
      examples: [
        [known(BARE, ['remove 3', 'split 0 by 1'], ['split 1 by 1', 'tail 17 by 1', 'remove 4', 'split 0 by 1'])],
        [known(BARE, ['split 0 by 1', 'remove 2'], ['split 3 by 1', 'remove 10', 'ripple 3 by 1'])],
      ],
    },
  );
});

const both = (one: ReturnType<typeof storyOf>): [typeof one, 'ours' | 'theirs'][] => [
  [one, 'ours'],
  [one, 'theirs'],
];

test('where somebody has to decide, each side can be had as it is', () => {
  fc.assert(
    fc.property(story, fc.constantFrom('ours' as const, 'theirs' as const), ({ base, ours, theirs, isBare }, take) => {
      const versions = { base, ours, theirs };
      const { merged, conflicts } = mergeDocuments(base, ours, theirs);
      if (conflicts.length === 0 || isBare) return;
      expect(Math.max(...played(merged).values(), 1)).toBe(1);
      const chosen = new Map(conflicts.map((conflict) => [conflictId(conflict), { take }]));
      const result = mergeResolved(versions, chosen);
      expect(result.open.map(plain)).toEqual([]);
      expect(Math.max(...played(result.merged).values(), 1)).toBe(1);
      const wanted = [...played(versions[take]).keys()];
      const others = played(take === 'ours' ? theirs : ours);
      const now = played(result.merged);
      for (const frame of wanted) if (others.has(frame)) expect([frame, now.get(frame)]).toEqual([frame, 1]);
      for (const frame of now.keys()) expect([...wanted, ...others.keys()]).toContain(frame);
    }),
    {
      ...RUNS,
      examples: [
        ...both(known(PLAIN, ['split 1 by 2', 'head 4 by 1'], ['head 3 by 1', 'ripple 1 by 1', 'split 0 by 1'])),
        ...both(
          known(
            { ...PLAIN, isDerived: true },
            ['split 3 by 1', 'split 0 by 1'],
            ['split 9 by 1', 'split 8 by 1', 'remove 14'],
          ),
        ),
      ],
    },
  );
});

test('which side is ours decides nothing', () => {
  fc.assert(
    fc.property(story, ({ base, ours, theirs }) => {
      const there = mergeDocuments(base, ours, theirs);
      const back = mergeDocuments(base, theirs, ours);
      expect(back.conflicts.map(flipped).sort()).toEqual(there.conflicts.map(plain).sort());
      if (there.conflicts.length === 0) expect(settled(back.merged)).toBe(settled(there.merged));
    }),
    RUNS,
  );
});

test('one shot is one conflict', () => {
  fc.assert(
    fc.property(story, ({ base, ours, theirs }) => {
      const { conflicts } = mergeDocuments(base, ours, theirs);
      const timed = conflicts
        .filter(({ kind }) => kind === 'both_changed' || kind === 'deleted_and_changed')
        .map(({ path }) => String(path[0] === 'editorData' ? path[3] : path.join('/')));
      expect(new Set(timed).size).toBe(timed.length);
      expect(timed.filter((name) => name.includes('/'))).toEqual([]);
    }),
    { ...RUNS, examples: [[known(PLAIN, ['head 0 by 1', 'ripple 0 by 10'], ['ripple 0 by 10', 'head 0 by 1'])]] },
  );
});

test('merging the same cuts again changes nothing', () => {
  fc.assert(
    fc.property(story, ({ base, ours, theirs }) => {
      const { merged, conflicts } = mergeDocuments(base, ours, theirs);
      if (conflicts.length > 0) return;
      for (const side of [ours, theirs]) {
        const again = mergeDocuments(side, merged, side);
        expect(again.conflicts).toEqual([]);
        expect(settled(again.merged)).toBe(settled(merged));
      }
    }),
    RUNS,
  );
});

test('whoever goes on with the half that lost its name means the one that kept it', () => {
  const style = { isBare: false, isDerived: false, ownEffects: true, endOffsets: true };
  const base = cutFilm(style);
  const split = { kind: 'split' as const, at: 0, by: 20 };
  const [ours, theirs] = [cutBy(base, [split], style, 'x'), cutBy(base, [split], style, 'y')];
  const { merged } = mergeDocuments(base, ours, theirs);
  const later = cutBy(theirs, [{ kind: 'tail', at: 1, by: 10 }], style, 'z');
  const again = mergeDocuments(theirs, merged, later);
  expect(again.conflicts).toEqual([]);
  expect(again.merged.editorData).toMatchObject([
    { actions: [{ id: 'shot0' }, { id: 'x0', start: 20 / 24, end: 30 / 24, aliases: ['y0'] }] },
    { actions: [{ id: 'shot1' }] },
  ]);
});
