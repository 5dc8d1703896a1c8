import { film } from '#libs/testing/film-edits';
import { followAnchor, type Anchor } from './follow-anchor.js';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** A remark on the frame one second into the second shot of the first track, which begins at six seconds. */
const anchor: Anchor = { entity: 'shot', entity_id: 'item3', source_frame: 24, timeline_frame: 168, rate: [24, 1] };
const after = (edit: (document: Json) => unknown): Json => {
  const document = film(4);
  edit(document);
  return document;
};

test('a remark stays with its frame when the shot goes elsewhere, in time or to another track', () => {
  expect(followAnchor(film(4), anchor)).toEqual({ state: 'current', reason: null, timeline_frame: 168 });
  const later = after(({ editorData }) => Object.assign(editorData[0].actions[1], { start: 10, end: 12 }));
  expect(followAnchor(later, anchor)).toEqual({ state: 'moved', reason: null, timeline_frame: 264 });
  const elsewhere = after(({ editorData }) => editorData[2].actions.push(editorData[0].actions.pop()));
  expect(followAnchor(elsewhere, anchor)).toMatchObject({ state: 'current' });
});

test('a remark is outdated when its frame was trimmed away, and comes back with it', () => {
  const tail = after(({ editorData }) => Object.assign(editorData[0].actions[1], { end: 6.5 }));
  expect(followAnchor(tail, anchor)).toEqual({ state: 'outdated', reason: 'trimmed', timeline_frame: null });
  const head = after(({ editorData, editorState }) => {
    editorData[0].actions[1].start = 7.5;
    editorState.clips.clip3.startOffset = 1.5;
  });
  expect(followAnchor(head, anchor)).toMatchObject({ state: 'outdated', reason: 'trimmed' });
  const kept = after(({ editorData, editorState }) => {
    editorData[0].actions[1].start = 6.5;
    editorState.clips.clip3.startOffset = 0.5;
  });
  expect(followAnchor(kept, anchor)).toMatchObject({ state: 'current', timeline_frame: 168 });
});

test('a remark is outdated when what it is about is gone', () => {
  const gone = after(({ editorData }) => editorData[0].actions.pop());
  expect(followAnchor(gone, anchor)).toMatchObject({ state: 'outdated', reason: 'removed' });
  const beat: Anchor = { entity: 'beat', entity_id: 'beat1', rate: [25, 1] };
  expect(followAnchor(film(4), beat)).toMatchObject({ state: 'current' });
  const without = after(({ editorState }) => delete editorState.beats.beat1);
  expect(followAnchor(without, beat)).toMatchObject({ state: 'outdated', reason: 'removed' });
});

test('a remark on the timeline alone lasts for as long as the film is long enough', () => {
  const late: Anchor = { timeline_frame: 180, rate: [30, 1] };
  expect(followAnchor(film(4), late)).toMatchObject({ state: 'current', timeline_frame: 180 });
  expect(followAnchor(film(2), late)).toMatchObject({ state: 'outdated', reason: 'shortened' });
});

test('frames of 29.97 a second are counted exactly', () => {
  const drop: Anchor = { entity: 'shot', entity_id: 'item0', source_frame: 59, rate: [30000, 1001] };
  expect(followAnchor(film(1), drop)).toMatchObject({ state: 'current', timeline_frame: 59 });
  expect(followAnchor(film(1), { ...drop, source_frame: 60 })).toMatchObject({ state: 'outdated' });
});
