import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '#libs/testing/child-process';
import type { TasksConfig } from '../../config.js';
import type { PubJobRow, Publication } from '../publisher.js';
import { DouyinPublisher } from './douyin.js';
import { upload } from './uploader.js';

/** The configured command is a script that really runs, and writes down what it was given. */
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'uploader-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const credential = { cookies: { sessionid: 'a-secret-of-mine' } };
const files = () => ({ films: [join(folder, 'film.mp4')], credential: join(folder, 'credential.json'), cover: null });
const publication = (job: Partial<PubJobRow> = {}, signal = new AbortController().signal) =>
  ({ job, credential, call_id: 'c-1', run: { directory: folder, signal } }) as unknown as Publication;

function script(...lines: string[]): string {
  const path = join(folder, 'up load.sh');
  writeFileSync(path, ['#!/bin/sh', ...lines].join('\n'), { mode: 0o755 });
  return path;
}
const douyin = (path: string, words = '--video {video_path} --title {title} --about={description}') =>
  new DouyinPublisher(
    { DOUYIN_UPLOADER_CMD: `"${path}" ${words}` } as TasksConfig,
    undefined as never,
    undefined as never,
  );
/** Who was killed and waits for its parent to notice is not alive. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
const NOTE = 'for one in "$@"; do printf "%s\\0" "$one" >> given; done';
const given = () => readFileSync(join(folder, 'given'), 'utf8').split('\0').slice(0, -1);

test('a command that ends well has published; what it said is kept without secrets', async () => {
  const path = script(NOTE, 'echo "done with a-secret-of-mine"');
  const published = await douyin(path).publish(publication({ title: '海边', description: 'two words' }), files());
  expect(published).toEqual({ exit_code: 0, stdout: 'done with ***\n', note: 'uploaded by the configured command' });
  expect(given()).toEqual(['--video', join(folder, 'film.mp4'), '--title', '海边', '--about=two words']);
});

test.each([
  ['quotes and commands', `x"; touch pwned; $(touch pwned) \`touch pwned\` | & > pwned`],
  ['other places to fill in', '{credential_path} {video_path}'],
  ['line breaks', 'one\ntwo'],
])('a title of %s is one argument, and nothing but words', async (_what, title) => {
  await douyin(script(NOTE)).publish(publication({ title, description: null }), files());
  expect(given()).toEqual(['--video', join(folder, 'film.mp4'), '--title', title, '--about=']);
  expect(existsSync(join(folder, 'pwned'))).toBe(false);
});

test('a title that looks like an option is none', async () => {
  await douyin(script(NOTE)).publish(publication({ title: '--delete-all', description: '--now' }), files());
  expect(given().slice(2)).toEqual(['--title', ' --delete-all', '--about=--now']);
});

test('a command sees no setting of ours', async () => {
  const { stdout } = (await douyin(script('env')).publish(publication(), files())) as unknown as { stdout: string };
  expect(
    stdout
      .split('\n')
      .map((line) => line.split('=')[0])
      .filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD', ''].includes(name!))
      .toSorted(),
  ).toEqual(['HOME', 'LANG', 'PATH']);
});

test('a command that fails has surely not published, and its last words are told', async () => {
  const path = script('echo "the cookie a-secret-of-mine is too old" >&2', 'exit 3');
  await expect(douyin(path).publish(publication(), files())).rejects.toMatchObject({
    code: 'invalid',
    message: 'The uploader failed (exit 3): the cookie *** is too old',
    details: { exit_code: 3 },
  });
});

test('a command that is not there has not published, and it is said what to do', async () => {
  await expect(douyin(join(folder, 'nowhere')).publish(publication(), files())).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(/Give the path of the uploader in the settings\.$/) as string,
  });
});

test('of a command that says very much only the end is kept', async () => {
  const path = script('head -c 20000000 /dev/zero | tr "\\0" "x"', 'echo end');
  const { stdout } = await upload(path, [], publication());
  expect(stdout).toHaveLength(8000);
  expect(stdout.endsWith('xend\n')).toBe(true);
});

test('of a command that takes too long, and all it began, nothing is left; whether it published is open', async () => {
  const path = script('sleep 300 & echo $! > child', 'wait');
  await expect(upload(path, [], publication(), 3000)).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringMatching(/^The upload ended from outside/) as string,
  });
  const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
  await eventually(async () => !isAlive(child)); // a killed process takes a moment to be gone
});

test('a command ends when its job is cancelled', async () => {
  const abort = new AbortController();
  const path = script('trap "" TERM', 'touch begun', 'sleep 300 & wait', 'sleep 300');
  const running = upload(path, [], publication({}, abort.signal));
  while (!existsSync(join(folder, 'begun'))) await new Promise((resolve) => setTimeout(resolve, 20));
  abort.abort(new Error('cancelled'));
  await expect(running).rejects.toThrow('cancelled');
});
