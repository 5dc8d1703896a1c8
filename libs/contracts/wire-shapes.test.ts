import { z } from 'zod';
import { Alias, AliasAnswer, AliasSearch, IndexEntry, ReleaseKey, RulesPackage, SiteScore, WorkType } from './intel.js';
import { UploadTicket, VNAsset, VNAssetType } from './media.js';
import { FinishJob, Lease, LeasedJob, LeaseWish, RegisterWorker } from './mesh.js';
import { Clip } from './tasks-clips.js';
import { StoryboardScene } from './tasks-generation.js';
import { LogEntry, LogPage } from './tasks-log.js';
import { Platform, PubAccount, PubJob } from './tasks-publish.js';
import { VNEngine, VNEvent, VNParseJob } from './tasks-vn.js';
import { Task, TaskAccepted, TaskState } from './tasks.js';

const at = '2026-11-21T22:37:22.811000Z';
const project_id = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const id = '16fd2706-8baf-433b-82eb-8c7fada847da';
const task_id = '886313e1-3b8a-4372-9b90-0c9aee199e5d';

const log = {
  ts: '2026-11-21T22:37:22.811000+00:00',
  level: 'info',
  event: 'export_done',
  message: 'Parts are ready.',
  data: { parts: 2 },
};
const ironMan = {
  title: '钢铁侠',
  year: 2008,
  type: 'movie',
  tmdb_id: 1726,
  release_key: 'iron-man-2008-movie',
  aliases: ['Iron Man', '鋼鐵人'],
};
const hdsky = { site: 'hdsky', score: 100, last_seen: at };
const job = { id: 7, site_id: 'hdsky', payload: { page_from: 1, page_to: 5 } };
const events = [
  { type: 'LABEL', name: 'start' },
  { type: 'SAY', speaker: 'e happy', text: 'Hello.' },
  { type: 'NARRATION', text: 'Rain.' },
  { type: 'TEXT', text: '[cm]' },
  { type: 'CHOICE', choices: [{ text: 'Stay' }, { text: 'Go' }] },
  { type: 'JUMP', target: 'end' },
];

const EXAMPLES: [z.ZodType, unknown][] = [
  [UploadTicket, { url: `http://127.0.0.1:9000/media/${id}/a.png?sig=1`, object_name: `${id}/a.png` }],
  [VNAssetType, 'CHARACTER_SHEET'],
  [
    VNAsset,
    {
      id,
      project_id,
      branch_name: null,
      type: 'SCREENSHOT',
      object_name: `${id}/a.png`,
      storage_url: `http://127.0.0.1:9000/media/${id}/a.png`,
      metadata: { filename: 'a.png' },
      created_at: at,
    },
  ],
  [TaskState, 'REVOKED'],
  [Task, { task_id, status: 'FAILURE', result: { error: 'Generation timed out' } }],
  [TaskAccepted, { task_id, status: 'pending' }],
  [LogEntry, log],
  [LogPage, { items: [log], total: 1, offset: 0, limit: 200 }],
  [StoryboardScene, { scene_number: 1, visual_description: 'A rooftop at dusk', narration: 'It began here.' }],
  [
    Clip,
    {
      id,
      project_id,
      branch_name: 'main',
      title: null,
      summary: null,
      input_artifacts: { screenshot_asset_ids: [id], prompt: 'comic-to-video' },
      assets_ref: null,
      task_id,
      status: 'pending',
      result: null,
      error: null,
      created_at: at,
    },
  ],
  [VNEngine, 'RENPY'],
  ...events.map((event): [z.ZodType, unknown] => [VNEvent, event]),
  [
    VNParseJob,
    {
      id,
      project_id,
      branch_name: null,
      engine: 'KIRIKIRI',
      status: 'succeeded',
      task_id,
      attempts: 1,
      result: { status: 'succeeded', engine: 'KIRIKIRI', events, event_count: events.length },
      logs: [],
      error: null,
    },
  ],
  [Platform, 'douyin'],
  [
    PubAccount,
    {
      id,
      platform: 'bilibili',
      label: null,
      status: 'expired',
      last_checked_at: at,
      last_error: 'Missing bilibili cookie fields: SESSDATA',
    },
  ],
  [
    PubJob,
    {
      id,
      platform: 'bilibili',
      account_id: id,
      project_id,
      branch_name: 'main',
      video_url: 'https://example.org/a.mp4',
      title: 'A film',
      description: null,
      tags: ['动画'],
      bilibili_tid: 17,
      cover_url: null,
      scheduled_publish_at: null,
      multi_part: false,
      input_artifacts: null,
      attempts: 0,
      task_id: null,
      status: 'retrying',
      result: null,
      logs: [log],
      error: null,
    },
  ],
  [RegisterWorker, { node_id: 'node-1', capabilities: { sites: ['hdsky'] } }],
  [LeaseWish, { node_id: 'node-1', want_sites: ['hdsky'], max_jobs: 5 }],
  [LeasedJob, job],
  [Lease, { jobs: [job] }],
  [FinishJob, { job_id: 7, node_id: 'node-1', success: true, error_message: null, new_cursor_value: 'cursor-123' }],
  [WorkType, 'short_drama'],
  [ReleaseKey, 'kamen-rider-zzz-2025-tv'],
  [Alias, ironMan],
  [AliasAnswer, ironMan],
  [AliasAnswer, {}],
  [AliasSearch, { query: ' Iron ', results: [ironMan] }],
  [SiteScore, hdsky],
  [IndexEntry, { release_key: 'iron-man-2008-movie', sites: [hdsky] }],
  [IndexEntry, { release_key: 'Not A Key', sites: [] }],
  [RulesPackage, { version: 1, rules: [] }],
  [RulesPackage, { version: 2, updated_at: '2026-11-21T22:37:22Z', rules: [{ site_id: 'ttg' }], signed_by: 'a' }],
];
const named = EXAMPLES.map(([schema, example]) => ({ name: schema.meta()?.id, schema, example }));

test.each(named)('$name takes its example and gives it back unchanged', ({ schema, example }) => {
  expect(schema.parse(example)).toEqual(example);
});

test.each(named)('$name can be drawn as JSON Schema, both ways, under its own name', ({ name, schema }) => {
  for (const io of ['input', 'output'] as const)
    expect(z.toJSONSchema(schema, { io, unrepresentable: 'any' }).$defs).toHaveProperty([String(name)]);
});

test('what may be anything is null on the wire when there is none', () => {
  expect(Task.parse({ task_id, status: 'PENDING' })).toEqual({ task_id, status: 'PENDING', result: null });
});

test('a log entry tells its moment with +00:00, and leaves out data it does not have', () => {
  const { data, ...bare } = log;
  expect(data).toBeDefined();
  expect(LogEntry.parse({ ...bare, ts: new Date(at) })).toStrictEqual(bare);
});

test.each<[string, z.ZodType, unknown]>([
  ['a task state in lower case', Task, { task_id, status: 'pending', result: null }],
  ['a scene without narration', StoryboardScene, { scene_number: 1, visual_description: 'x', narration: ' ' }],
  ['a scene numbered 0', StoryboardScene, { scene_number: 0, visual_description: 'x', narration: 'y' }],
  ['an event of an unknown type', VNEvent, { type: 'MENU', text: 'x' }],
  ['a job whose payload is a list', LeasedJob, { ...job, payload: [] }],
  ['a site without a numeric score', SiteScore, { ...hdsky, score: null }],
  ['a site without a name', SiteScore, { ...hdsky, site: '' }],
  ['sites that are mere names', IndexEntry, { release_key: 'x', sites: ['hdsky'] }],
  ['half an alias', AliasAnswer, { title: 'Iron Man' }],
  ['an error dressed as an alias', AliasAnswer, { detail: 'Not found' }],
  ['a release key that breaks an address', Alias, { ...ironMan, release_key: 'iron/man' }],
])('%s never leaves', (_name, schema, value) => {
  expect(schema.safeParse(value).success).toBe(false);
});

test.each<[z.ZodType, unknown, unknown]>([
  [RegisterWorker, { node_id: '', capabilities: {}, version: 2 }, { node_id: '', capabilities: {} }],
  [LeaseWish, { node_id: 'n' }, { node_id: 'n', want_sites: null, max_jobs: 1 }],
  [LeaseWish, { node_id: 'n', want_sites: null, max_jobs: '0' }, { node_id: 'n', want_sites: null, max_jobs: 0 }],
  [LeaseWish, { node_id: 'n', want_sites: [], max_jobs: 5000 }, { node_id: 'n', want_sites: [], max_jobs: 100 }],
  [
    FinishJob,
    { job_id: '7', node_id: 'n', success: 'yes' },
    { job_id: 7, node_id: 'n', success: true, error_message: null, new_cursor_value: null },
  ],
  [
    FinishJob,
    { job_id: -1, node_id: 'n', success: 0, error_message: 'x'.repeat(5000), new_cursor_value: '' },
    { job_id: -1, node_id: 'n', success: false, error_message: 'x'.repeat(5000), new_cursor_value: '' },
  ],
])('what lenient clients send is understood (%#)', (schema, sent, understood) => {
  expect(schema.parse(sent)).toEqual(understood);
});

const worker = { node_id: 'n', capabilities: {} };
const finish = { job_id: 7, node_id: 'n', success: true };

test.each<[string, z.ZodType, unknown, (string | number)[], string]>([
  ['no name', RegisterWorker, { capabilities: {} }, ['node_id'], 'missing'],
  ['a number as a name', RegisterWorker, { ...worker, node_id: 7 }, ['node_id'], 'string_type'],
  [
    'a name over 128 characters',
    RegisterWorker,
    { ...worker, node_id: 'n'.repeat(129) },
    ['node_id'],
    'string_too_long',
  ],
  ['a name with U+0000', LeaseWish, { node_id: 'n\0' }, ['node_id'], 'value_error'],
  ['no capabilities', RegisterWorker, { node_id: 'n' }, ['capabilities'], 'missing'],
  ['null capabilities', RegisterWorker, { ...worker, capabilities: null }, ['capabilities'], 'dict_type'],
  ['listed capabilities', RegisterWorker, { ...worker, capabilities: ['hdsky'] }, ['capabilities'], 'dict_type'],
  [
    'capabilities over 1024 characters',
    RegisterWorker,
    { ...worker, capabilities: { sites: 'x'.repeat(1024) } },
    ['capabilities'],
    'value_error',
  ],
  [
    'capabilities with U+0000',
    RegisterWorker,
    { ...worker, capabilities: { sites: ['\\\0'] } },
    ['capabilities'],
    'value_error',
  ],
  ['a wish for -1 jobs', LeaseWish, { node_id: 'n', max_jobs: -1 }, ['max_jobs'], 'greater_than_equal'],
  ['a wish for 2.5 jobs', LeaseWish, { node_id: 'n', max_jobs: 2.5 }, ['max_jobs'], 'int_from_float'],
  ['a wish for null jobs', LeaseWish, { node_id: 'n', max_jobs: null }, ['max_jobs'], 'int_type'],
  ['a numbered site', LeaseWish, { node_id: 'n', want_sites: ['ttg', 1] }, ['want_sites', 1], 'string_type'],
  ['sites that are no list', LeaseWish, { node_id: 'n', want_sites: 'ttg' }, ['want_sites'], 'invalid_type'],
  ['a job id over 53 bits', FinishJob, { ...finish, job_id: 2 ** 53 }, ['job_id'], 'less_than_equal'],
  ['a job id under 53 bits', FinishJob, { ...finish, job_id: -(2 ** 53) }, ['job_id'], 'greater_than_equal'],
  ['a job id in words', FinishJob, { ...finish, job_id: 'seven' }, ['job_id'], 'int_parsing'],
  ['no success', FinishJob, { job_id: 7, node_id: 'n' }, ['success'], 'missing'],
  ['perhaps a success', FinishJob, { ...finish, success: 'perhaps' }, ['success'], 'bool_parsing'],
  ['a numeric cursor', FinishJob, { ...finish, new_cursor_value: 7 }, ['new_cursor_value'], 'string_type'],
  [
    'a cursor over 256 characters',
    FinishJob,
    { ...finish, new_cursor_value: 'c'.repeat(257) },
    ['new_cursor_value'],
    'string_too_long',
  ],
  ['U+0000 in an error', FinishJob, { ...finish, error_message: '\0' }, ['error_message'], 'value_error'],
])('%s is refused by name', (_name, schema, sent, path, reason) => {
  const [issue, ...others] = schema.safeParse(sent).error?.issues ?? [];
  expect(others).toEqual([]);
  expect(issue?.path).toEqual(path);
  expect(issue?.code === 'custom' ? issue.params?.['reason'] : issue?.code).toBe(reason);
});

test('a backslash before "u0000" is not U+0000', () => {
  const capabilities = { pattern: '\\u0000' };
  expect(RegisterWorker.parse({ node_id: 'n', capabilities }).capabilities).toEqual(capabilities);
});
