import { film } from '#libs/testing/film-edits';
import type { Conflict } from './conflict.js';
import { conflictInWords } from './conflict-words.js';
import { mergeDocuments } from './merge-documents.js';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

function said(language: 'en' | 'zh', ours: (document: Json) => unknown, theirs: (document: Json) => unknown) {
  const base = film(4);
  const versions = { base, ours: structuredClone(base), theirs: structuredClone(base) };
  ours(versions.ours);
  theirs(versions.theirs);
  const { conflicts } = mergeDocuments(versions.base, versions.ours, versions.theirs);
  const names = { ours: 'main', theirs: 'bobs' };
  return conflicts.map((conflict) => conflictInWords(conflict, versions, { language, names }));
}

const snow = ({ editorState }: Json) => (editorState.beats.beat1.narration = 'Snow.');
const fog = ({ editorState }: Json) => (editorState.beats.beat1.narration = 'Fog.');
const trim = ({ editorData }: Json) => (editorData[0].actions[0].end = 1);
const remove = (document: Json) => {
  document.editorData[0].actions.shift();
  delete document.effects.item0;
};
const moveTo = (row: number) => (document: Json) =>
  document.editorData[row].actions.push(document.editorData[0].actions.shift());
const forget = ({ editorState }: Json) => {
  delete editorState.characters.who0;
  for (const beat of Object.values<Json>(editorState.beats)) beat.characterIds = [];
};
const use = ({ editorState }: Json) => {
  editorState.beats.beat9 = { id: 'beat9', sceneId: 'scene0', narration: 'New.', characterIds: ['who0'] };
  editorState.scenes.scene0.beatIds.push('beat9');
};

test('a conflict says where it is, what happened, and what each way out means', () => {
  expect(said('en', snow, fog)).toEqual([
    {
      where: 'narration of beat “Snow.”',
      what: 'Both main and bobs changed the narration of beat “Snow.”: main to “Snow.”, bobs to “Fog.”',
      choices: [
        { take: 'ours', words: 'Take what main has: “Snow.”' },
        { take: 'theirs', words: 'Take what bobs has: “Fog.”' },
        { take: 'base', words: 'Keep what it was: “It rains.”' },
        { take: 'value', words: 'Write something else' },
      ],
    },
  ]);
  expect(said('en', remove, trim)).toMatchObject([
    {
      what: 'main deleted “Shot 0”, which bobs changed',
      choices: [
        { words: 'Delete “Shot 0”' },
        { words: 'Keep “Shot 0”' },
        { words: 'Keep “Shot 0” at the nearest gap of its track' },
      ],
    },
  ]);
  expect(said('en', moveTo(1), moveTo(2))).toMatchObject([
    { what: 'Both main and bobs moved “Shot 0”: main to track “1”, bobs to track “2”' },
  ]);
  expect(said('en', forget, use)).toMatchObject([
    { what: 'main deleted character “Person 0”, which bobs uses in beat “New.”' },
  ]);
});

test('it says so in Chinese as well', () => {
  expect(said('zh', snow, fog)).toMatchObject([
    {
      where: '情节点“Snow.”的旁白',
      what: 'main 和 bobs 都修改了情节点“Snow.”的旁白：main 改为 “Snow.”，bobs 改为 “Fog.”',
      choices: [{ words: '采用 main 的内容：“Snow.”' }, {}, {}, { words: '另写内容' }],
    },
  ]);
  const all = [said('zh', remove, trim), said('zh', moveTo(1), moveTo(2)), said('zh', forget, use)].flat();
  expect(all.map(({ what }) => what)).toEqual([
    'main 删除了“Shot 0”，而 bobs 修改了它',
    'main 和 bobs 都移动了“Shot 0”：main 移到轨道“1”，bobs 移到轨道“2”',
    'main 删除了角色“Person 0”，而 bobs 在情节点“New.”中使用了它',
  ]);
});

test('where both sides trim a shot, it says from when to when each has it', () => {
  const document = film(4);
  const versions = { base: document, ours: document, theirs: document };
  const conflict: Conflict = {
    message: 'Both sides changed it.',
    kind: 'both_changed',
    path: ['editorData', document.editorData[0].id as string, 'actions', 'item0'],
    base: { start: 0, end: 2 },
    ours: { start: 0, end: 1 },
    theirs: { start: 0, end: 1.5 },
    fields: ['start', 'end'],
  };
  const names = { ours: 'main', theirs: 'bobs' };
  expect(conflictInWords(conflict, versions, { language: 'en', names })).toMatchObject({
    where: '“Shot 0”',
    what: 'Both main and bobs changed “Shot 0”: main to 0–1 s, bobs to 0–1.5 s',
    choices: [
      { words: 'Take what main has: 0–1 s' },
      { words: 'Take what bobs has: 0–1.5 s' },
      { words: 'Keep what it was: 0–2 s' },
      { take: 'value' },
    ],
  });
  expect(conflictInWords(conflict, versions, { language: 'zh', names }).what).toBe(
    'main 和 bobs 都修改了“Shot 0”：main 改为 第 0 秒到第 1 秒，bobs 改为 第 0 秒到第 1.5 秒',
  );
});
