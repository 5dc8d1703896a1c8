import { diffDocuments, type Change } from './diff-documents.js';
import type { Document } from '../document.js';
import { parseExact } from '../exact-json.js';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

const NAMES = ['Harbour', 'Beach wide', 'Storm', 'Lamp', 'Door'];

/** Five shots of two seconds on track 0, one on track 1, at 24 frames per second; two scenes, three beats, two people. */
function film(): Json {
  const document: Json = {
    editorData: [
      { id: '0', actions: [] },
      { id: '1', actions: [] },
    ],
    effects: {},
    editorState: {
      scenes: {
        s1: { id: 's1', title: 'One', order: 0, beatIds: ['b1', 'b2'] },
        s2: { id: 's2', title: 'Two', order: 1, beatIds: ['b3'] },
      },
      beats: {
        b1: { id: 'b1', sceneId: 's1', order: 0, narration: 'Rain.', characterIds: ['mira'], status: 'pending' },
        b2: { id: 'b2', sceneId: 's1', order: 1, narration: 'Wind.', characterIds: ['mira', 'olu'] },
        b3: { id: 'b3', sceneId: 's2', order: 0, narration: 'Sun.', characterIds: [] },
      },
      characters: { mira: { id: 'mira', name: 'Mira' }, olu: { id: 'olu', name: 'Olu' } },
      assets: {},
      clips: {},
      timelineItems: {},
      sceneOrder: ['s1', 's2'],
    },
  };
  NAMES.forEach((name, at) => add(document, 0, { id: `i${at}`, name, start: at * 2 }));
  add(document, 1, { id: 'i9', name: 'Music', start: 1 });
  return document;
}

const exact = (seconds: number) => ({ value: seconds * 24, rate: [24, 1] });

function add(document: Json, row: number, { id, name, start }: { id: string; name: string; start: number }) {
  const { editorState: state } = document;
  document.editorData[row].actions.push({ id, start, end: start + 2, effectId: id });
  document.effects[id] = { id, name };
  state.assets[`a${id}`] = { id: `a${id}`, type: 'video', url: `https://media.test/${id}.mp4?x=1` };
  state.clips[`c${id}`] = { id: `c${id}`, assetId: `a${id}`, startOffset: 1, endOffset: 3 };
  const times = { startTime: start, duration: 2, exact: { start: exact(start), duration: exact(2) } };
  state.timelineItems[id] = { id, clipId: `c${id}`, trackId: String(row), ...times };
}

function set(document: Json, id: string, { start, end }: { start?: number; end?: number }) {
  const action = document.editorData.flatMap(({ actions }: Json) => actions).find((one: Json) => one.id === id);
  if (start !== undefined) action.start = start;
  if (end !== undefined) action.end = end;
  const item = document.editorState.timelineItems[id];
  Object.assign(item, { startTime: action.start, duration: action.end - action.start });
}
const shift = (document: Json, ids: string[], by: number) => {
  for (const id of ids) {
    const { startTime, duration } = document.editorState.timelineItems[id];
    set(document, id, { start: startTime + by, end: startTime + by + duration });
  }
};
const take = (document: Json, id: string): Json => {
  for (const { actions } of document.editorData) {
    const at = actions.findIndex((action: Json) => action.id === id);
    if (at >= 0) return actions.splice(at, 1)[0];
  }
};

function changes(edit: (film: Json) => void, start: () => Json = film): Change[] {
  const [before, after] = [start(), start()];
  edit(after);
  const text = JSON.stringify([before, after]);
  const found = diffDocuments(before, after);
  expect(JSON.stringify([before, after])).toBe(text);
  return found;
}
const kinds = (found: Change[]): string[] => found.map(({ entity, kind, id }) => `${entity} ${kind} ${id}`);

test('a trimmed tail that closes up is a trim and one shift, in frames where the rate is known', () => {
  const found = changes((film) => {
    set(film, 'i1', { end: 3.5 });
    film.editorState.clips.ci1.endOffset = 2.5;
    shift(film, ['i2', 'i3', 'i4'], -0.5);
  });
  expect(found).toEqual([
    {
      kind: 'trimmed',
      entity: 'shot',
      id: 'i1',
      path: ['editorData', '0', 'actions', 'i1'],
      name: 'Beach wide',
      edge: 'tail',
      seconds: 0.5,
      frames: 12,
      before: { seconds: 2, frames: 48 },
      after: { seconds: 1.5, frames: 36 },
    },
    {
      kind: 'shifted',
      entity: 'track',
      id: '0',
      path: ['editorData', '0'],
      name: '0',
      seconds: -0.5,
      frames: -12,
      reach: 'later',
      first: { id: 'i2', name: 'Storm' },
      last: { id: 'i4', name: 'Door' },
      count: 3,
    },
  ]);
});

test('a trimmed head is a head, whether the start went along or the rest closed up', () => {
  const [inPlace] = changes((film) => {
    set(film, 'i1', { start: 2.5 });
    film.editorState.clips.ci1.startOffset = 1.5;
  });
  expect(inPlace).toMatchObject({ kind: 'trimmed', edge: 'head', seconds: 0.5 });
  const closed = changes((film) => {
    set(film, 'i1', { end: 3.5 });
    film.editorState.clips.ci1.startOffset = 1.5;
    shift(film, ['i2', 'i3', 'i4'], -0.5);
  });
  expect(closed).toMatchObject([{ kind: 'trimmed', edge: 'head', seconds: 0.5 }, { kind: 'shifted' }]);
  const unknown = changes((film) => set(film, 'i1', { start: 2.5 }));
  expect(unknown).toMatchObject([{ kind: 'trimmed', edge: 'head', seconds: 0.5 }]);
  const inShift = changes((film) => {
    set(film, 'i0', { end: 1 });
    shift(film, ['i1', 'i2', 'i3', 'i4'], -1);
    set(film, 'i1', { start: 1.25 });
    film.editorState.clips.ci1.startOffset = 1.25;
  });
  expect(inShift).toMatchObject([
    { kind: 'trimmed', edge: 'tail', id: 'i0' },
    { kind: 'trimmed', edge: 'head', id: 'i1', seconds: 0.25 },
    { kind: 'shifted', seconds: -1, count: 4 },
  ]);
});

test('both ends trimmed are two changes, told one after the other', () => {
  const found = changes((film) => {
    set(film, 'i9', { start: 1.5, end: 2.75 });
    Object.assign(film.editorState.clips.ci9, { startOffset: 1.5, endOffset: 2.75 });
  });
  expect(found).toMatchObject([
    { kind: 'trimmed', edge: 'head', frames: 12, before: { frames: 48 }, after: { frames: 36 } },
    { kind: 'trimmed', edge: 'tail', frames: 6, before: { frames: 36 }, after: { frames: 30 } },
  ]);
});

test('a shot made longer is trimmed by less than nothing', () => {
  expect(changes((film) => set(film, 'i4', { end: 11 }))).toMatchObject([
    { kind: 'trimmed', edge: 'tail', seconds: -1, frames: -24 },
  ]);
});

test('another part of the media at the same place is a slip', () => {
  const found = changes((film) => Object.assign(film.editorState.clips.ci1, { startOffset: 1.5, endOffset: 3.5 }));
  expect(found).toMatchObject([{ kind: 'slipped', id: 'i1', seconds: 0.5, frames: 12, before: 1, after: 1.5 }]);
});

test('a shot moved to another track is moved, and never removed and added', () => {
  const found = changes((film) => {
    film.editorData[1].actions.push(take(film, 'i1'));
    film.editorState.timelineItems.i1.trackId = '1';
    set(film, 'i1', { start: 4, end: 6 });
    shift(film, ['i2', 'i3', 'i4'], -2);
  });
  expect(kinds(found)).toEqual(['track shifted 0', 'shot moved i1']);
  expect(found[1]).toMatchObject({
    path: ['editorData', '1', 'actions', 'i1'],
    before: { in: { id: '0', name: '0' }, at: 1, start: 2 },
    after: { in: { id: '1', name: '1' }, at: 1, start: 4 },
  });
});

test('a shot moved on its track is moved, and those in between make room together', () => {
  const found = changes((film) => {
    film.editorData[0].actions.push(take(film, 'i0'));
    shift(film, ['i0'], 6);
    shift(film, ['i1', 'i2', 'i3'], -2);
  });
  expect(kinds(found)).toEqual(['track shifted 0', 'shot moved i0']);
  expect(found[0]).toMatchObject({ reach: 'some', count: 3, seconds: -2 });
  const nudged = changes((film) => shift(film, ['i9'], 0.25));
  expect(nudged).toMatchObject([{ kind: 'moved', before: { at: 0, start: 1 }, after: { at: 0, start: 1.25 } }]);
});

test('a shot that comes or goes is one thing with all it is made of', () => {
  const added = changes((film) => {
    add(film, 0, { id: 'new', name: 'New', start: 2 });
    shift(film, ['i1', 'i2', 'i3', 'i4'], 2);
  });
  expect(kinds(added)).toEqual(['shot added new', 'track shifted 0']);
  expect(Object.keys((added[0] as Json).after)).toEqual(['action', 'effect', 'timelineItem', 'clip', 'asset']);
  const removed = changes((film) => {
    take(film, 'i9');
    delete film.effects.i9;
    delete film.editorState.timelineItems.i9;
    delete film.editorState.clips.ci9;
    delete film.editorState.assets.ai9;
  });
  expect(removed).toMatchObject([{ kind: 'removed', entity: 'shot', place: { at: 0, start: 1 } }]);
});

test('other media in the same shot is one change, with the asset that came for it', () => {
  const found = changes((film) => {
    film.editorState.assets.retake = { id: 'retake', type: 'video', url: 'https://media.test/retake.mp4' };
    Object.assign(film.editorState.clips.ci1, { assetId: 'retake', startOffset: 0, endOffset: 2 });
    delete film.editorState.assets.ai1;
  });
  expect(found).toMatchObject([{ kind: 'replaced', id: 'i1', before: 'ai1', after: 'retake' }]);
  const commit = changes(
    (film) => (film.editorData[0].actions[0].effectId = 'e5'),
    () => ({
      editorData: [{ id: '0', actions: [{ id: 'action-1', start: 0, end: 5, effectId: 'f3' }] }],
      effects: { f3: { id: 'f3', name: 'First cut' }, e5: { id: 'e5', name: 'Second cut' } },
    }),
  );
  expect(commit).toMatchObject([{ kind: 'replaced', id: 'action-1', before: 'f3', after: 'e5' }]);
});

test('a part that several shots share changes once, and for itself', () => {
  const shared = () => {
    const document = film();
    document.editorState.timelineItems.i2.clipId = 'ci1';
    document.editorData[0].actions[2].effectId = 'i1';
    return document;
  };
  const found = changes((film) => {
    film.effects.i1.name = 'Beach';
    film.editorState.clips.ci1.startOffset = 0;
    film.editorState.assets.ai1.duration = 9;
  }, shared);
  expect(kinds(found)).toEqual(['asset changed ai1', 'effect renamed i1', 'clip changed ci1']);
});

test('names and all other fields of a shot are told by its name', () => {
  const found = changes((film) => {
    film.effects.i1.name = 'Beach';
    film.editorState.timelineItems.i1.linkedBeatId = 'b1';
    film.editorData[0].actions[1].disable = true;
    film.effects.i1.source = { prompt: 'waves' };
  });
  expect(found).toMatchObject([
    { kind: 'renamed', before: 'Beach wide', after: 'Beach' },
    {
      kind: 'changed',
      entity: 'shot',
      name: 'Beach',
      fields: ['disable', 'effect.source', 'timelineItem.linkedBeatId'],
      before: {},
      after: { disable: true, 'effect.source': { prompt: 'waves' }, 'timelineItem.linkedBeatId': 'b1' },
    },
  ]);
});

test('tracks come, go, move and take their shots along', () => {
  const found = changes((film) => {
    film.editorData.shift();
    film.editorData.push({ id: '2', name: 'V2', actions: [{ id: 'x', start: 0, end: 1, effectId: 'x' }] });
    film.editorData[0].rowHeight = 80;
    for (const table of ['timelineItems', 'clips', 'assets']) {
      for (const id of Object.keys(film.editorState[table])) if (!id.endsWith('9')) delete film.editorState[table][id];
    }
  });
  expect(kinds(found)).toEqual(['track changed 1', 'track added 2', 'track removed 0']);
  expect(found[1]).toMatchObject({ name: 'V2', contents: ['x'] });
  expect(found[2]).toMatchObject({ contents: ['i0', 'i1', 'i2', 'i3', 'i4'] });
  const turned = changes((film) => film.editorData.reverse());
  expect(turned).toMatchObject([{ kind: 'moved', entity: 'track' }]);
});

test('a shot of a removed track that stands on another one was moved', () => {
  const found = changes((film) => {
    film.editorData[1].actions.push(...film.editorData.shift().actions);
    for (let at = 0; at < 5; at++) film.editorState.timelineItems[`i${at}`].trackId = '1';
  });
  expect(found[0]).toMatchObject({ entity: 'track', kind: 'removed', contents: [] });
  expect(found.slice(1).every(({ kind }) => kind === 'moved')).toBe(true);
  expect(found).toHaveLength(6);
});

test('times that say the same in other digits, and another order of the list, are one change of the track', () => {
  const rounded = changes((film) => shift(film, ['i1', 'i2', 'i3'], 1e-9));
  expect(rounded).toMatchObject([{ kind: 'rounded', entity: 'track', id: '0', count: 3 }]);
  const turned = changes((film) => film.editorData[0].actions.reverse());
  expect(turned).toMatchObject([{ kind: 'reordered', before: ['i0', 'i1', 'i2', 'i3', 'i4'] }]);
});

test('scenes and beats move as themselves, and the numbers that follow are no changes', () => {
  const found = changes(({ editorState: { scenes, beats, sceneOrder } }) => {
    sceneOrder.reverse();
    Object.assign(scenes.s1, { order: 1, beatIds: ['b1'], title: 'Eins' });
    Object.assign(scenes.s2, { order: 0, beatIds: ['b2', 'b3'] });
    Object.assign(beats.b2, { sceneId: 's2', order: 0 });
    Object.assign(beats.b3, { order: 1, status: 'success' });
    beats.b1.status = 'success';
  });
  expect(kinds(found)).toEqual([
    'scene moved s2',
    'scene renamed s1',
    'beat moved b2',
    'beat changed b3',
    'beat changed b1',
  ]);
  expect(found.find(({ id }) => id === 'b2')).toMatchObject({
    name: 'Wind.',
    before: { in: { id: 's1', name: 'One' }, at: 1 },
    after: { in: { id: 's2', name: 'Two' }, at: 0 },
  });
  expect(found.find(({ id }) => id === 'b1')).toMatchObject({
    fields: ['status'],
    before: { status: 'pending' },
    after: { status: 'success' },
  });
});

test('a scene takes its beats along, and somebody who is removed leaves every cast', () => {
  const scene = changes(({ editorState: { scenes, beats, sceneOrder } }) => {
    delete scenes.s1;
    delete beats.b1;
    delete beats.b2;
    sceneOrder.shift();
    scenes.s2.order = 0;
  });
  expect(scene).toMatchObject([{ kind: 'removed', entity: 'scene', id: 's1', name: 'One', contents: ['b1', 'b2'] }]);
  const person = changes(({ editorState: { characters, beats } }) => {
    delete characters.mira;
    beats.b1.characterIds = [];
    beats.b2.characterIds = ['olu'];
  });
  expect(person).toMatchObject([{ kind: 'removed', entity: 'character', name: 'Mira' }]);
  const recast = changes(({ editorState: { beats } }) => beats.b3.characterIds.push('olu'));
  expect(recast).toMatchObject([{ kind: 'changed', entity: 'beat', fields: ['characterIds'] }]);
});

test('what an editor lays out on a screen is no change', () => {
  const found = changes((film) => {
    film.editorUi = { layout: {} };
    film.editorState.generationTasks = [{ id: 't' }];
    film.editorData.push({ id: '__markers__', actions: [] });
    film.editorData[0].actions.push({ id: '__marker_1', start: 0, end: 0 });
  });
  expect(found).toEqual([]);
});

test('what is no film is told key by key', () => {
  const read = (text: string) => parseExact(text) as Document;
  const found = diffDocuments(
    read('{"clips":[{"id":1,"u":"a"},{"id":"1"}],"version":1,"__proto__":{"x":1},"tags":["a","b"],"list":[1,1]}'),
    read('{"clips":[{"id":1,"u":"b"}],"version":12345678901234567890,"__proto__":{"x":2},"tags":["b","c"],"list":[1]}'),
  );
  expect(found.map(({ kind, path }) => `${kind} ${path.join('/')}`)).toEqual([
    'set __proto__/x',
    'removed clips/1',
    'set clips/1/u',
    'set list',
    'removed tags/a',
    'set tags/c',
    'set version',
  ]);
  expect(found[4]).not.toHaveProperty('after');
  expect(found[5]).not.toHaveProperty('before');
});

test('a film of the wrong shape is told like any other value', () => {
  const odd = [
    {},
    { editorData: [] },
    { editorData: 7, editorState: [] },
    { editorData: [{ id: '0', actions: [{ id: 'a' }, { id: 'a' }] }] },
    { editorData: [{ id: '0' }], effects: { a: 1 }, editorState: { scenes: { s: null }, sceneOrder: ['s', 's'] } },
    { editorState: {} },
  ];
  for (const before of odd) {
    for (const after of [...odd, film() as Document]) {
      expect(diffDocuments(before, after).length > 0).toBe(before !== after);
      expect(diffDocuments(after, before).length > 0).toBe(before !== after);
    }
  }
});
