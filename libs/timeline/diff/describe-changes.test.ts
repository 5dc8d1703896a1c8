import type { Change, ChangeKind, Entity } from './change.js';
import { WORDS } from './change-words.js';
import { describeChanges } from './describe-changes.js';

const shot = { entity: 'shot' as const, id: 'i1', path: ['editorData', '0', 'actions', 'i1'], name: 'Beach wide' };
const track = { entity: 'track' as const, id: '0', path: ['editorData', '0'], name: '0' };
const scene = { entity: 'scene' as const, id: 's1', path: ['editorState', 'scenes', 's1'], name: 'Storm' };
const beat = { entity: 'beat' as const, id: 'b1', path: ['editorState', 'beats', 'b1'], name: 'Rain.' };
const value = { entity: 'value' as const, id: 'version', path: ['version'], name: 'version' };
const on = (name: string, at: number, start?: number) => ({
  in: { id: name, name },
  at,
  ...(start !== undefined && { start }),
});
const shifted = {
  ...track,
  kind: 'shifted' as const,
  first: { id: 'a', name: 'Lamp' },
  last: { id: 'b', name: 'Door' },
};

const SAID: [change: Change, en: string, zh: string][] = [
  [
    {
      ...shot,
      kind: 'trimmed',
      edge: 'tail',
      seconds: 0.5,
      frames: 12,
      before: { seconds: 28 / 24, frames: 28 },
      after: { seconds: 16 / 24, frames: 16 },
    },
    'Trimmed 12 frames off the tail of “Beach wide” (28 → 16)',
    '把“Beach wide”的结尾剪短了 12 帧（28 → 16）',
  ],
  [
    { ...shot, kind: 'trimmed', edge: 'head', seconds: -0.25, before: { seconds: 1 }, after: { seconds: 1.25 } },
    'Added 0.25 s to the head of “Beach wide” (1 s → 1.25 s)',
    '把“Beach wide”的开头延长了 0.25 秒（1 秒 → 1.25 秒）',
  ],
  [
    { ...shifted, seconds: -0.5, reach: 'later', count: 4 },
    'All later shots on track 0 start 0.5 s earlier',
    '轨道 0 上后面的镜头都提前了 0.5 秒',
  ],
  [
    { ...shifted, seconds: 1 / 24, frames: 1, reach: 'some', count: 4 },
    'The shots from “Lamp” to “Door” on track 0 start 1 frame later',
    '轨道 0 上从“Lamp”到“Door”的镜头都推后了 1 帧',
  ],
  [
    { ...shifted, seconds: 2, reach: 'all', count: 4 },
    'All shots on track 0 start 2 s later',
    '轨道 0 上的镜头全部推后了 2 秒',
  ],
  [
    { ...shifted, seconds: 2, reach: 'one', count: 1 },
    '“Lamp” on track 0 starts 2 s later',
    '轨道 0 上的“Lamp”推后了 2 秒',
  ],
  [
    { ...shot, kind: 'moved', before: on('0', 1, 2), after: on('1', 0, 2) },
    'Moved “Beach wide” from track 0 to track 1',
    '把“Beach wide”从轨道 0 移到轨道 1',
  ],
  [
    { ...shot, kind: 'moved', before: on('0', 1, 2), after: on('0', 1, 2.5) },
    'Moved “Beach wide” on track 0 from 2 s to 2.5 s',
    '把“Beach wide”在轨道 0 上从第 2 秒移到第 2.5 秒',
  ],
  [
    { ...shot, kind: 'moved', before: on('0', 1), after: on('0', 3) },
    'Moved “Beach wide” on track 0 from place 2 to place 4',
    '把“Beach wide”在轨道 0 上从第 2 位移到第 4 位',
  ],
  [
    { ...track, kind: 'moved', before: { at: 0 }, after: { at: 1 } },
    'Moved track 0 from place 1 to place 2',
    '把轨道 0 从第 1 位移到第 2 位',
  ],
  [
    { ...beat, kind: 'moved', before: on('One', 1), after: on('Two', 0) },
    'Moved beat “Rain.” from scene “One” to scene “Two”',
    '把情节点“Rain.”从场景“One”移到场景“Two”',
  ],
  [
    { ...beat, kind: 'moved', before: null, after: on('Two', 0) },
    'Moved beat “Rain.” into scene “Two”',
    '把情节点“Rain.”移入场景“Two”',
  ],
  [
    { ...beat, kind: 'moved', before: on('One', 0), after: null },
    'Moved beat “Rain.” out of scene “One”',
    '把情节点“Rain.”移出场景“One”',
  ],
  [
    { ...shot, kind: 'slipped', seconds: -0.5, before: 1, after: 0.5 },
    '“Beach wide” plays its media from 0.5 s earlier on',
    '“Beach wide”的素材入点前移了 0.5 秒',
  ],
  [
    { ...shot, kind: 'replaced', before: 'a', after: 'b' },
    'Replaced the media of “Beach wide”',
    '替换了“Beach wide”的素材',
  ],
  [
    { ...shot, kind: 'renamed', before: 'Beach', after: 'Beach wide' },
    'Renamed “Beach” to “Beach wide”',
    '把“Beach”改名为“Beach wide”',
  ],
  [
    { ...scene, kind: 'renamed', before: 'One', after: 'Storm' },
    'Renamed scene “One” to “Storm”',
    '把场景“One”改名为“Storm”',
  ],
  [
    { ...beat, kind: 'changed', fields: ['status'], before: { status: 'pending' }, after: { status: 'success' } },
    'Changed the status of beat “Rain.” (“pending” → “success”)',
    '修改了情节点“Rain.”的状态（“pending” → “success”）',
  ],
  [
    { ...beat, kind: 'changed', fields: ['dialogue', 'narration', 'mood'], before: {}, after: {} },
    'Changed the dialogue, narration and mood of beat “Rain.”',
    '修改了情节点“Rain.”的对白、旁白和mood',
  ],
  [
    { ...shot, kind: 'added', after: {}, place: on('0', 1) },
    'Added “Beach wide” to track 0',
    '在轨道 0 上添加了“Beach wide”',
  ],
  [
    { ...shot, kind: 'removed', before: {}, place: on('0', 1) },
    'Removed “Beach wide” from track 0',
    '从轨道 0 上删除了“Beach wide”',
  ],
  [
    { ...track, kind: 'added', after: {}, place: { at: 1 }, contents: ['a', 'b', 'c'] },
    'Added track 0 with 3 shots',
    '添加了轨道 0（含 3 个镜头）',
  ],
  [
    { ...scene, kind: 'removed', before: {}, contents: ['b1'] },
    'Removed scene “Storm” with 1 beat',
    '删除了场景“Storm”（含 1 个情节点）',
  ],
  [
    { ...track, kind: 'rounded', count: 3 },
    'Rounded the times of 3 shots on track 0',
    '轨道 0 上 3 个镜头的时间做了取整',
  ],
  [
    { ...track, kind: 'reordered', before: [], after: [] },
    'Listed the shots of track 0 in another order',
    '轨道 0 上镜头的列出顺序变了',
  ],
  [{ ...value, kind: 'set', before: 1, after: 2 }, 'Changed version from 1 to 2', '把 version 从 1 改为 2'],
  [{ ...value, kind: 'set', after: 'x' }, 'Set version to “x”', '把 version 设为 “x”'],
  [{ ...value, kind: 'set', after: { x: 1 } }, 'Added version', '添加了 version'],
  [{ ...value, kind: 'set', before: 1, after: [] }, 'Changed version', '修改了 version'],
  [{ ...value, kind: 'removed', before: 1 }, 'Removed version', '删除了 version'],
];

test.each(SAID)('%# is said in English and in Chinese', (change, en, zh) => {
  expect(describeChanges([change], { language: 'en' })).toEqual([en]);
  expect(describeChanges([change], { language: 'zh' })).toEqual([zh]);
});

test('both languages have a sentence for every kind of change, and every one is seen here', () => {
  const all = Object.keys(WORDS.en).sort();
  expect(Object.keys(WORDS.zh).sort()).toEqual(all);
  expect([...new Set(SAID.map(([{ kind }]) => kind))].sort()).toEqual(all);
});

test('every kind of thing has a word in both languages', () => {
  const nouns = {
    track: 1,
    shot: 1,
    scene: 1,
    beat: 1,
    character: 1,
    asset: 1,
    effect: 1,
    timeline_item: 1,
    clip: 1,
    value: 1,
  };
  const kinds: ChangeKind[] = ['added', 'removed'];
  for (const entity of Object.keys(nouns satisfies Record<Entity, number>) as Entity[]) {
    for (const kind of kinds) {
      const change = { entity, id: 'x', path: ['x'], name: 'X', kind, before: 1, after: 1 } as Change;
      for (const language of ['en', 'zh'] as const) {
        expect(describeChanges([change], { language })[0]).not.toMatch(/undefined|_/);
      }
    }
  }
});
