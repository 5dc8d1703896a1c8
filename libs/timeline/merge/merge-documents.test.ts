import { canonicalJson } from '../canonical-json.js';
import type { Document } from '../document.js';
import { parseExact } from '../exact-json.js';
import { mergeDocuments } from './merge-documents.js';
import { conflictId } from './merge-resolved.js';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

const clip = (id: string, start: number) => ({ id, start, end: start + 2, effectId: id });

/** A small film: two scenes, three beats, three clips on two tracks, and somebody in it. */
const film = (): Json => ({
  editorData: [
    { id: '0', actions: [clip('a', 0), clip('b', 2)], rowHeight: 40 },
    { id: '1', actions: [clip('c', 4)] },
  ],
  effects: { a: { id: 'a', name: 'A' }, b: { id: 'b', name: 'B' }, c: { id: 'c', name: 'C' } },
  editorState: {
    scenes: { s1: { id: 's1', title: 'One', beatIds: ['b1', 'b2'] }, s2: { id: 's2', title: 'Two', beatIds: ['b3'] } },
    beats: {
      b1: { id: 'b1', sceneId: 's1', narration: 'Rain.', characterIds: ['mira'] },
      b2: { id: 'b2', sceneId: 's1', narration: 'Wind.', characterIds: [] },
      b3: { id: 'b3', sceneId: 's2', narration: 'Sun.', characterIds: [] },
    },
    characters: { mira: { id: 'mira', name: 'Mira' }, olu: { id: 'olu', name: 'Olu' } },
    sceneOrder: ['s1', 's2'],
  },
});

/** Merges two edits of one document, and sees to it that nothing but the labels changes with the sides. */
function merge(edit: (film: Json) => void, otherEdit: (film: Json) => void, start: () => Json = film) {
  const [base, ours, theirs] = [start(), start(), start()];
  edit(ours);
  otherEdit(theirs);
  const there = mergeDocuments(base, ours, theirs);
  const back = mergeDocuments(base, theirs, ours);
  const kinds = ({ conflicts }: typeof there) => conflicts.map(({ kind, path }) => `${kind} ${path.join('/')}`);
  expect(kinds(back).sort()).toEqual(kinds(there).sort());
  if (there.conflicts.length === 0) expect(canonicalJson(back.merged)).toBe(canonicalJson(there.merged));
  return { merged: there.merged as Json, conflicts: there.conflicts, kinds: kinds(there), back };
}

test('edits of different things are both there', () => {
  const { merged, conflicts } = merge(
    (film) => {
      film.editorState.beats.b1.narration = 'Heavy rain.';
      film.editorData[0].actions[0].end = 1.5;
      film.effects.d = { id: 'd', name: 'D' };
    },
    (film) => {
      film.editorState.beats.b1.dialogue = 'Run!';
      film.editorData[0].actions[0].start = 0.5;
      delete film.effects.c;
      film.editorData[1].actions = [];
      film.editorState.sceneOrder = ['s2', 's1'];
    },
  );
  expect(conflicts).toEqual([]);
  const expected = film();
  Object.assign(expected.editorState.beats.b1, { narration: 'Heavy rain.', dialogue: 'Run!' });
  Object.assign(expected.editorData[0].actions[0], { start: 0.5, end: 1.5 });
  expected.editorData[1].actions = [];
  expected.effects = { a: expected.effects.a, b: expected.effects.b, d: { id: 'd', name: 'D' } };
  expected.editorState.sceneOrder = ['s2', 's1'];
  expect(merged).toEqual(expected);
});

test('one value changed to two values is a conflict, and ours stands', () => {
  const { merged, conflicts } = merge(
    (film) => (film.editorData[0].actions[1].start = 2.5),
    (film) => (film.editorData[0].actions[1].start = 3),
  );
  expect(merged.editorData[0].actions[1].start).toBe(2.5);
  expect(conflicts).toEqual([
    {
      kind: 'both_changed',
      path: ['editorData', '0', 'actions', 'b', 'start'],
      base: 2,
      ours: 2.5,
      theirs: 3,
      message: 'Both sides changed editorData › 0 › actions › b › start, to different values. Keep one of them.',
    },
  ]);
});

test('the same change on both sides is no conflict, down to the last digit', () => {
  const at = (n: string) => () => parseExact(`{"n":${n}}`) as Document;
  expect(mergeDocuments(at('1')(), at('1e400')(), at('1E400')()).conflicts).toEqual([]);
  expect(mergeDocuments(at('1')(), at('9007199254740993')(), at('9007199254740992')()).conflicts).toHaveLength(1);
  const same = mergeDocuments(at('9007199254740993')(), at('9007199254740993.0')(), at('9007199254740994')());
  expect(JSON.stringify(same)).toBe('{"merged":{"n":9007199254740994},"conflicts":[]}');
  expect(mergeDocuments({ n: 0 }, { n: -0 }, { n: 1 }).conflicts).toHaveLength(1);
});

test('what one side deleted and the other changed is a conflict; what nobody touched goes', () => {
  const edit = merge(
    (film) => delete film.editorState.beats.b2,
    (film) => (film.editorState.beats.b2.narration = 'A storm.'),
  );
  expect(edit.kinds).toContain('deleted_and_changed editorState/beats/b2');
  expect(edit.merged.editorState.beats.b2).toBeUndefined();
  expect((edit.back.merged as Json).editorState.beats.b2.narration).toBe('A storm.');
  const untouched = merge(
    (film) => film.editorData[0].actions.shift(),
    (film) => (film.editorData[0].actions[1].end = 9),
  );
  expect(untouched.conflicts).toEqual([]);
  expect(untouched.merged.editorData[0].actions).toEqual([{ ...clip('b', 2), end: 9 }]);
});

const move = (film: Json, id: string, to: number) => {
  const from = film.editorData.find((row: Json) => row.actions.some((action: Json) => action.id === id));
  const [moved] = from.actions.splice(
    from.actions.findIndex((action: Json) => action.id === id),
    1,
  );
  film.editorData[to].actions.push(moved);
  return moved;
};
const idsOf = (film: Json): string[] =>
  film.editorData.flatMap((row: Json) => row.actions.map((action: Json) => action.id));

test('a clip moved to another track by one side and trimmed by the other is moved and trimmed', () => {
  const { merged, conflicts } = merge(
    (film) => move(film, 'a', 1),
    (film) => (film.editorData[0].actions[0].end = 1),
  );
  expect(conflicts).toEqual([]);
  expect(merged.editorData.map((row: Json) => row.actions.map((action: Json) => [action.id, action.end]))).toEqual([
    [['b', 4]],
    [
      ['c', 6],
      ['a', 1],
    ],
  ]);
});

test('a clip moved to two tracks is a conflict and stands where ours put it, once', () => {
  const { merged, conflicts, kinds } = merge(
    (film) => move(film, 'a', 1),
    (film) => {
      film.editorData.push({ id: '2', actions: [] });
      move(film, 'a', 2);
    },
  );
  expect(kinds).toEqual(['moved_twice editorData/0/actions/a']);
  expect(conflicts[0]).toMatchObject({
    base: { in: ['editorData', '0', 'actions'], after: null },
    ours: { in: ['editorData', '1', 'actions'], after: 'c' },
    theirs: { in: ['editorData', '2', 'actions'], after: null },
  });
  expect(idsOf(merged)).toEqual(['b', 'c', 'a']);
});

test('a clip moved by one side and deleted by the other is a conflict, though its track went too', () => {
  const { kinds, merged, back } = merge(
    (film) => move(film, 'a', 1),
    (film) => film.editorData.shift(),
  );
  expect(kinds).toEqual(['deleted_and_changed editorData/0/actions/a']);
  expect(idsOf(merged)).toEqual(['c', 'a']);
  expect(idsOf(back.merged)).toEqual(['c']);
});

test('a track deleted by one side and used by the other is one conflict, whatever happened in it', () => {
  for (const use of [
    (film: Json) => film.editorData[0].actions.push(clip('new', 8)),
    (film: Json) => move(film, 'c', 0),
    (film: Json) => (film.editorData[0].actions[0].end = 1),
    (film: Json) => film.editorData[0].actions.reverse(),
    (film: Json) => (film.editorData[0].rowHeight = 80),
  ]) {
    const { kinds, merged, back } = merge(use, (film) => film.editorData.shift());
    expect(kinds).toEqual(['deleted_and_changed editorData/0']);
    const ours = film();
    use(ours);
    expect(merged).toEqual(ours);
    expect(back.merged).toMatchObject({ editorData: [{ id: '1' }] });
    expect(new Set(idsOf(back.merged)).size).toBe(idsOf(back.merged).length);
  }
});

test('a track emptied and deleted takes nothing along', () => {
  const { conflicts, merged } = merge(
    (film) => {
      move(film, 'a', 1);
      move(film, 'b', 1);
      film.editorData.shift();
    },
    (film) => (film.editorData[0].actions[1].end = 3),
  );
  expect(conflicts).toEqual([]);
  expect(merged.editorData).toEqual([{ id: '1', actions: [clip('c', 4), clip('a', 0), { ...clip('b', 2), end: 3 }] }]);
});

test('each side moving its clips onto the track that the other deletes loses no clip', () => {
  const { kinds, merged, back } = merge(
    (film) => {
      move(film, 'a', 1);
      move(film, 'b', 1);
      film.editorData.shift();
    },
    (film) => {
      move(film, 'c', 0);
      film.editorData.pop();
    },
  );
  expect(kinds).toEqual(['deleted_and_changed editorData/1', 'deleted_and_changed editorData/0']);
  expect(idsOf(merged).sort()).toEqual(['a', 'b', 'c']);
  expect(idsOf(back.merged).sort()).toEqual(['a', 'b', 'c']);
});

test('a beat moved to two scenes is in one of them', () => {
  const { kinds, merged } = merge(
    (film) => {
      film.editorState.scenes.s1.beatIds = ['b1'];
      film.editorState.scenes.s2.beatIds = ['b2', 'b3'];
    },
    (film) => {
      film.editorState.scenes.s1.beatIds = ['b1'];
      film.editorState.scenes.s3 = { id: 's3', beatIds: ['b2'] };
    },
  );
  expect(kinds).toEqual(['moved_twice editorState/scenes/s1/beatIds/b2']);
  expect(merged.editorState.scenes).toMatchObject({ s2: { beatIds: ['b2', 'b3'] }, s3: { beatIds: [] } });
});

test('tags and casts are sets: both additions stay, a removal removes', () => {
  const { merged, conflicts } = merge(
    (film) => {
      film.tags = ['film', 'rain', 'draft'];
      film.editorState.beats.b1.characterIds = [];
    },
    (film) => {
      film.tags = ['film', 'night'];
      film.editorState.beats.b1.characterIds = ['mira', 'olu'];
    },
    () => ({ ...film(), tags: ['film', 'draft'] }),
  );
  expect(conflicts).toEqual([]);
  expect(merged.tags).toEqual(['film', 'night', 'rain']);
  expect(merged.editorState.beats.b1.characterIds).toEqual(['olu']);
});

test('a scene moved to two places is a conflict; times decide on a track, not the order of the list', () => {
  const many = () => ({
    ...film(),
    editorState: { sceneOrder: ['s1', 's2', 's3', 's4', 's5'] },
    editorData: [{ id: '0', actions: [0, 2, 4, 6, 8].map((at) => clip(`at${at}`, at)) }],
  });
  const toEnd = (list: unknown[], at: number) => list.splice(at, 0, list.shift());
  const scenes = merge(
    (film) => toEnd(film.editorState.sceneOrder, 2),
    (film) => toEnd(film.editorState.sceneOrder, 4),
    many,
  );
  expect(scenes.kinds).toEqual(['moved_twice editorState/sceneOrder/s1']);
  expect(scenes.merged.editorState.sceneOrder).toEqual(['s2', 's3', 's1', 's4', 's5']);
  const clips = merge(
    (film) => toEnd(film.editorData[0].actions, 2),
    (film) => toEnd(film.editorData[0].actions, 4),
    many,
  );
  expect(clips.conflicts).toEqual([]);
});

test('someone deleted by one side and cast by the other is one conflict that names every use', () => {
  const { conflicts, merged, back } = merge(
    (film) => delete film.editorState.characters.olu,
    (film) => {
      film.editorState.beats.b2.characterIds.push('olu');
      film.editorState.beats.b3.characterIds.push('olu');
    },
  );
  expect(conflicts).toEqual([
    {
      kind: 'deleted_but_used',
      path: ['editorState', 'characters', 'olu'],
      base: { id: 'olu', name: 'Olu' },
      theirs: { id: 'olu', name: 'Olu' },
      used_by: [
        ['editorState', 'beats', 'b2', 'characterIds'],
        ['editorState', 'beats', 'b3', 'characterIds'],
      ],
      message: expect.stringContaining('Ours deleted editorState › characters › olu, which theirs began to use'),
    },
  ]);
  expect(merged.editorState.characters).toEqual({ mira: { id: 'mira', name: 'Mira' } });
  expect((back.merged as Json).editorState.characters.olu).toEqual({ id: 'olu', name: 'Olu' });
});

test('an effect, a clip or a scene deleted under a new use is a conflict', () => {
  const uses = [
    [
      (f: Json) => delete f.effects.c && (f.editorData[1].actions = []),
      (f: Json) => f.editorData[0].actions.push({ ...clip('n', 9), effectId: 'c' }),
      'effects/c',
    ],
    [
      (f: Json) => delete f.editorState.assets.x,
      (f: Json) => (f.editorState.clips = { k: { id: 'k', assetId: 'x' } }),
      'editorState/assets/x',
    ],
    [
      (f: Json) => delete f.editorState.scenes.s3,
      (f: Json) => f.editorState.sceneOrder.push('s3'),
      'editorState/scenes/s3',
    ],
  ] as const;
  const start = () => {
    const document = film();
    document.editorState.assets = { x: { id: 'x' } };
    document.editorState.scenes.s3 = { id: 's3', beatIds: [] };
    return document;
  };
  for (const [deletion, use, path] of uses)
    expect(merge(deletion, use, start).kinds).toEqual([`deleted_but_used ${path}`]);
});

test('a scene that stays because it is used stays without the beats that went elsewhere', () => {
  const { kinds, merged } = merge(
    (film) => (film.editorState.beats.b3.sceneId = 's1'),
    ({ editorState: { scenes, beats } }) => {
      scenes.s2.beatIds.push('b1', 'b2');
      beats.b1.sceneId = beats.b2.sceneId = 's2';
      delete scenes.s1;
    },
    () => ({ ...film(), editorState: { ...film().editorState, sceneOrder: ['s2'] } }),
  );
  expect(kinds).toEqual(['deleted_but_used editorState/scenes/s1']);
  expect(merged.editorState.scenes).toMatchObject({ s1: { beatIds: [] }, s2: { beatIds: ['b3', 'b1', 'b2'] } });
});

test('references that dangled before are nobody’s conflict', () => {
  const start = () => {
    const document = film();
    document.editorState.beats.b1.sceneId = 'gone';
    document.editorData[0].actions[0].effectId = 'gone';
    return document;
  };
  expect(
    merge(
      (film) => (film.x = 1),
      (film) => (film.editorState.beats.b1.narration = 'y'),
      start,
    ).conflicts,
  ).toEqual([]);
  const alone = merge(
    (film) => delete film.editorState.characters.mira,
    (film) => (film.x = 1),
  );
  expect(alone.conflicts).toEqual([]);
});

test('any JSON object can be merged, odd keys and odd shapes included', () => {
  const read = (text: string) => parseExact(text) as Document;
  const merged = mergeDocuments(
    read('{"__proto__":{"a":1},"constructor":{"x":[1,[2]]},"list":[{"id":1},{"id":"1"}]}'),
    read('{"__proto__":{"a":1,"b":2},"constructor":{"x":[1,[2]]},"list":[{"id":1,"n":1},{"id":"1"}]}'),
    read('{"__proto__":{"a":1,"__proto__":3},"constructor":{"x":[[2]]},"list":[{"id":"1"},{"id":1}],"toString":null}'),
  );
  expect(merged.conflicts).toEqual([]);
  expect(JSON.stringify(merged.merged)).toBe(
    '{"__proto__":{"a":1,"b":2,"__proto__":3},"constructor":{"x":[[2]]},"list":[{"id":"1"},{"id":1,"n":1}],"toString":null}',
  );
  expect(mergeDocuments({ a: [1, 1] }, { a: [1, 2, 2] }, { a: [3, 3] }).conflicts).toMatchObject([{ path: ['a'] }]);
  expect(mergeDocuments({ a: 1 }, { a: { b: 1 } }, { a: { b: 1 } })).toEqual({
    merged: { a: { b: 1 } },
    conflicts: [],
  });
  expect(mergeDocuments({ a: 1 }, { a: { b: 1 } }, { a: [] }).conflicts).toHaveLength(1);
  expect(mergeDocuments({}, { a: { b: 1 } }, { a: { c: 1 } }).merged).toEqual({ a: { b: 1, c: 1 } });
});

test('keys keep the order they had, and no input is changed', () => {
  const [base, ours, theirs] = [film(), film(), film()];
  ours.editorData[0].actions[0].end = 5;
  const before = JSON.stringify([base, ours, theirs]);
  expect(JSON.stringify(mergeDocuments(base, ours, theirs).merged)).toBe(JSON.stringify(ours));
  expect(JSON.stringify(mergeDocuments(base, theirs, ours).merged)).toBe(JSON.stringify(ours));
  expect(JSON.stringify([base, ours, theirs])).toBe(before);
});

test('a shot that was moved away and back in seconds is as it was, whoever deletes or moves it', () => {
  const film = (start: number, end: number): Json => ({
    editorData: [{ id: 'V1', actions: [{ id: 'shot', start, end }] }],
  });
  const base = film(0, 2);
  const back = film(0, 2 + 1 / 24 - 1 / 24);
  expect(canonicalJson(back)).not.toBe(canonicalJson(base));
  const gone = { editorData: [{ id: 'V1', actions: [] }] };
  for (const other of [gone, film(5, 7), film(0, 1)]) {
    expect(mergeDocuments(base, back, other)).toEqual({ merged: other, conflicts: [] });
    expect(mergeDocuments(base, other, back)).toEqual({ merged: other, conflicts: [] });
  }
  expect(mergeDocuments(base, back, base)).toEqual({ merged: back, conflicts: [] });
});

test('what one side moved and the other cut is cut and moved, also where an end comes out alike', () => {
  const film = (start: number, end: number): Json => ({
    editorData: [{ id: 'V1', actions: [{ id: 'a', start, end }] }],
  });
  const merge = (ours: Json, theirs: Json) => {
    const there = mergeDocuments(film(2, 6), ours, theirs);
    expect(mergeDocuments(film(2, 6), theirs, ours).merged).toEqual(there.merged);
    expect(there.conflicts).toEqual([]);
    return there.merged;
  };
  expect(merge(film(1, 5), film(2, 5))).toEqual(film(1, 4));
  expect(merge(film(3, 7), film(3, 6))).toEqual(film(4, 7));
  expect(merge(film(5, 9), film(5, 8))).toEqual(film(5, 8));
  expect(merge(film(5, 9), film(3, 5))).toEqual(film(6, 8));
});

test('what one side moved and the other moved elsewhere and cut is for a person to decide', () => {
  const film = (start: number, end: number): Json => ({
    editorData: [{ id: 'V1', actions: [{ id: 'a', start, end }] }],
  });
  expect(mergeDocuments(film(2, 6), film(12, 16), film(22, 25)).conflicts).toMatchObject([{ kind: 'both_changed' }]);
});

test('a conflict is called the same, however the keys of the documents stand', () => {
  const base = film();
  const [ours, theirs] = [film(), film()];
  ours.editorData[0].actions.shift();
  delete ours.effects.a;
  theirs.editorData[0].actions[0].end = 1.5;
  theirs.effects.a.name = 'B';
  const turned = (document: Json): Json => Object.fromEntries(Object.entries(document).reverse());
  const names = (...versions: [Json, Json, Json]) => mergeDocuments(...versions).conflicts.map(conflictId);
  expect(names(turned(base), turned(ours), turned(theirs))).toEqual(names(base, ours, theirs));
});
