import type { Document } from '../document.js';
import { fraction, over, type Fraction } from '../interchange/fraction.js';
import { exactSeconds } from '../interchange/frame-rate.js';
import { mergeDocuments } from './merge-documents.js';
import { conflictId, mergeResolved } from './merge-resolved.js';
import { allowedTakes } from './settle-conflict.js';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any
type Edit = (film: Json) => unknown;

const FILM: [number, number] = [24_000, 1001];
const NTSC: [number, number] = [30_000, 1001];
/** Kinds of time in which a clip of 48 frames is cut. */
const KINDS: [string, (frame: number) => unknown][] = [
  ['seconds', (frame) => frame / 24],
  ['frames of 23.976', (value) => ({ value, rate: FILM })],
  ['frames of 29.97', (value) => ({ value, rate: NTSC })],
];

const cuts = (at: (frame: number) => unknown) => {
  const film = (): Json => ({
    editorData: [{ id: '0', actions: [{ id: 'shot', start: at(0), end: at(48), effectId: 'shot' }] }],
    effects: { shot: { id: 'shot', name: 'Beach' } },
  });
  const edited = (edit: Edit): Json => {
    const document = film();
    edit(document.editorData[0].actions);
    return document;
  };
  const split =
    (frame: number, id: string): Edit =>
    (actions) => {
      actions.push({ ...actions[0], id, start: at(frame) });
      actions[0].end = at(frame);
    };
  const trim =
    (to: { start?: number; end?: number }): Edit =>
    ([shot]) => {
      for (const [name, frame] of Object.entries(to)) shot[name] = at(frame);
    };
  const merge = (edit: Edit, other: Edit) => {
    const [base, ours, theirs] = [film(), edited(edit), edited(other)] as [Document, Document, Document];
    const there = mergeDocuments(base, ours, theirs);
    const told = ({ conflicts }: typeof there) => conflicts.map(({ kind, path }) => `${kind} ${path.join('/')}`);
    const back = mergeDocuments(base, theirs, ours);
    expect(told(back)).toEqual(told(there));
    if (there.conflicts.length === 0) expect(shots(back.merged)).toEqual(shots(there.merged));
    return { ...there, told: told(there), versions: { base, ours, theirs } };
  };
  return { split, trim, merge };
};
const shots = (document: Json): Json[] =>
  document.editorData[0].actions
    .map(({ id, start, end }: Json) => [id, start, end])
    .sort(([a]: string[], [b]: string[]) => (a! < b! ? -1 : 1));

describe.each(KINDS)('in %s', (_kind, at) => {
  const { split, trim, merge } = cuts(at);

  test('a clip split by one side and trimmed at its head by the other is split and trimmed', () => {
    const { merged, told } = merge(split(24, 'tail'), trim({ start: 6 }));
    expect(told).toEqual([]);
    expect(shots(merged)).toEqual([
      ['shot', at(6), at(24)],
      ['tail', at(24), at(48)],
    ]);
  });

  test('a clip split by one side and trimmed at its tail by the other is split, and its second half trimmed', () => {
    const { merged, told } = merge(split(24, 'tail'), trim({ end: 40 }));
    expect(told).toEqual([]);
    expect(shots(merged)).toEqual([
      ['shot', at(0), at(24)],
      ['tail', at(24), at(40)],
    ]);
  });

  test.each([24, 30])(
    'a head trimmed to frame %i, past the split, is a conflict about the clip, of which either side can be kept',
    (frame) => {
      const { merged, conflicts, told, versions } = merge(split(24, 'tail'), trim({ start: frame }));
      expect(told).toEqual(['both_changed editorData/0/actions/shot']);
      expect(conflicts[0]).toMatchObject({ ours: { end: at(24) }, theirs: { start: at(frame) } });
      expect(shots(merged)[0]).toEqual(['shot', at(0), at(24)]);
      for (const take of ['ours', 'theirs'] as const) {
        const settled = mergeResolved(versions, new Map([[conflictId(conflicts[0]!), { take }]]));
        expect(shots(settled.merged)[0]).toEqual(
          take === 'ours' ? ['shot', at(0), at(24)] : ['shot', at(frame), at(48)],
        );
        expect(shots(settled.merged)).toHaveLength(take === 'ours' ? 2 : 1);
      }
    },
  );

  test('a clip split by both sides at different frames is in three pieces', () => {
    const { merged, told } = merge(split(24, 'one'), split(30, 'two'));
    expect(told).toEqual([]);
    expect(shots(merged)).toEqual([
      ['one', at(24), at(30)],
      ['shot', at(0), at(24)],
      ['two', at(30), at(48)],
    ]);
  });

  test('a clip split by both sides at one frame has one second half, which remembers its other name', () => {
    const { merged, told } = merge(split(24, 'one'), split(24, 'two'));
    expect(told).toEqual([]);
    expect(shots(merged)).toEqual([
      ['one', at(24), at(48)],
      ['shot', at(0), at(24)],
    ]);
    expect((merged as Json).editorData[0].actions.at(-1)).toMatchObject({ id: 'one', aliases: ['two'] });
  });

  test('a clip split by one side and moved by the other is moved in both halves', () => {
    const { merged, told } = merge(split(24, 'tail'), trim({ start: 12, end: 60 }));
    expect(told).toEqual([]);
    expect(shots(merged)).toEqual([
      ['shot', at(12), at(36)],
      ['tail', at(36), at(60)],
    ]);
  });

  test('a clip split by one side and deleted by the other is one conflict about both halves', () => {
    const { merged, conflicts, told, versions } = merge(split(24, 'tail'), (actions) => actions.pop());
    expect(told).toEqual(['deleted_and_changed editorData/0/actions/shot']);
    expect(shots(merged)).toEqual([
      ['shot', at(0), at(24)],
      ['tail', at(24), at(48)],
    ]);
    const settled = mergeResolved(versions, new Map([[conflictId(conflicts[0]!), { take: 'theirs' as const }]]));
    expect([settled.open, shots(settled.merged)]).toEqual([[], []]);
  });

  test('a clip deleted by one side, whose place was taken, can be kept at the nearest gap', () => {
    const taken: Edit = (actions) => {
      actions.pop();
      actions.push({ id: 'new', start: at(0), end: at(30), effectId: 'new' });
    };
    const { conflicts, versions } = merge(trim({ end: 36 }), taken);
    expect(allowedTakes(conflicts[0]!)).toEqual(['ours', 'theirs', 'nearest_gap']);
    const settled = mergeResolved(versions, new Map([[conflictId(conflicts[0]!), { take: 'nearest_gap' as const }]]));
    expect([settled.open, shots(settled.merged as Json)]).toEqual([
      [],
      [
        ['new', at(0), at(30)],
        ['shot', at(30), at(66)],
      ],
    ]);
  });

  test('a clip moved by one side and cut by the other is cut and moved', () => {
    const { merged, told } = merge(trim({ start: 12, end: 60 }), trim({ start: 6 }));
    expect(told).toEqual([]);
    expect(shots(merged)).toEqual([['shot', at(18), at(60)]]);
  });

  test('a clip of which both sides changed both ends is one conflict', () => {
    const { told } = merge(trim({ start: 6, end: 20 }), trim({ start: 28, end: 44 }));
    expect(told).toEqual(['both_changed editorData/0/actions/shot']);
  });
});

test('a time is one value: frames of one side are never counted at the rate of the other', () => {
  const at = (value: number, rate: [number, number]) => ({ start: { value, rate } });
  const { conflicts, merged } = mergeDocuments(at(30, FILM), at(31, FILM), at(30, NTSC));
  expect(conflicts).toMatchObject([{ kind: 'both_changed', path: ['start'] }]);
  expect(merged).toEqual(at(31, FILM));
  expect(mergeDocuments(at(30, FILM), at(30, NTSC), at(30, FILM))).toEqual({ merged: at(30, NTSC), conflicts: [] });
});

test('a rate changed to two rates is a conflict, not a rate of three numbers', () => {
  const at = (...rate: number[]) => ({ rate });
  const { conflicts, merged } = mergeDocuments(at(...FILM), at(...NTSC), at(60_000, 1001));
  expect(conflicts).toMatchObject([{ kind: 'both_changed', path: ['rate'] }]);
  expect(merged).toEqual(at(...NTSC));
});

test('an hour cut at 23.976 and 29.97 frames a second is exact to the last fraction after a merge', () => {
  const frames = 86_313;
  const clip = (start: number, end: number, rate: [number, number]) => ({
    start: { value: start, rate },
    end: { value: end, rate },
  });
  for (const rate of [FILM, NTSC]) {
    const { merged, conflicts } = mergeDocuments(
      clip(0, frames, rate),
      clip(1, frames, rate),
      clip(0, frames - 1, rate),
    );
    expect(conflicts).toEqual([]);
    const seconds = (time: unknown): Fraction => exactSeconds(time)!;
    const exact = (value: number) => over(fraction(BigInt(value)), fraction(BigInt(rate[0]), BigInt(rate[1])));
    expect([seconds(merged.start), seconds(merged.end)]).toEqual([exact(1), exact(frames - 1)]);
  }
});

test('times of two rates are compared exactly: a frame of 29.97 is over before one of 23.976', () => {
  const clip = (start: unknown, end: unknown) => ({ shot: { start, end } });
  const film = (value: number) => ({ value, rate: FILM });
  const ntsc = (value: number) => ({ value, rate: NTSC });
  const at = (end: number) =>
    mergeDocuments(clip(film(0), film(48)), clip(film(4), film(48)), clip(film(0), ntsc(end)));
  expect(at(5).conflicts).toMatchObject([{ kind: 'both_changed', path: ['shot'] }]);
  expect(at(6)).toEqual({ merged: clip(film(4), ntsc(6)), conflicts: [] });
});
