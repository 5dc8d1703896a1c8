import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '#libs/testing/child-process';
import { CrawlHandedBack, type CrawlJob } from '../worker/crawl.js';
import { crawlBy } from './crawl-command.js';

const job: CrawlJob = { id: 7, site_id: 'hdsky', payload: {} };
const never = new AbortController().signal;

const crawls: { done: Promise<unknown>; lose: () => void }[] = [];
/** A test that fails half-way leaves no command behind. */
afterEach(async () => {
  for (const { lose } of crawls) lose();
  await Promise.all(crawls.splice(0).map(({ done }) => done));
});

/** Runs a script of the shell as a crawl; what it writes into `pids` are processes that it began. */
function crawl(script: string, { end = never, kill_after_ms = 5000 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'crawl-'));
  const lost = new AbortController();
  const notes: string[] = [];
  const progressed: string[] = [];
  const command = ['sh', '-c', script, 'crawl', join(folder, 'pids')];
  const run = crawlBy(command, { end, kill_after_ms, note: (text) => notes.push(text) });
  const tools = { signal: lost.signal, progress: (value: string) => Promise.resolve(void progressed.push(value)) };
  const done = run(job, tools).then(
    (result) => ({ result, error: undefined }),
    (error: unknown) => ({ result: undefined, error: error as Error }),
  );
  const pids = () => readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n').filter(Boolean).map(Number);
  const begun = (count: number) => eventually(() => Promise.resolve(pids().length === count && pids()));
  const lose = () => lost.abort(new Error('The lease is lost.'));
  crawls.push({ done, lose });
  return { done, lose, begun, notes, progressed };
}

const isGone = (pid: number) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};
const allGone = (pids: readonly number[]) => eventually(() => Promise.resolve(pids.every(isGone)));

test('a crawl gets its job, tells how far it has come, and what it found', async () => {
  const { done, progressed, notes } = crawl(
    `read line; echo '{"progress":"1"}'; echo nonsense; echo '{"cursor":"2","observations":[{"title":"A"}]}'; echo "$line" | grep -q hdsky`,
  );
  expect((await done).result).toMatchObject({ new_cursor_value: '2', observations: [{ title: 'A' }] });
  expect(progressed).toEqual(['1']);
  expect(notes).toEqual(['job 7: this is no line of a crawl: nonsense']);
});

test('when the lease is lost, what the command began ends with it', async () => {
  const { done, lose, begun } = crawl('sleep 600 & echo $! >> "$1"; echo $$ >> "$1"; wait');
  const pids = await begun(2);
  lose();
  expect((await done).error?.message).toBe('The lease is lost.');
  await allGone(pids);
});

test('what will not hear is ended all the same, and the worker goes on', async () => {
  const script = `trap '' TERM; (while :; do sleep 1; done) & echo $! >> "$1"; echo $$ >> "$1"; wait`;
  const { done, lose, begun } = crawl(script, { kill_after_ms: 200 });
  const pids = await begun(2);
  lose();
  expect((await done).error?.message).toBe('The lease is lost.');
  await allGone(pids);
});

test('a crawl that is ended together with its worker is handed back, and one that ends by itself has failed', async () => {
  const end = new AbortController();
  end.abort();
  expect((await crawl('kill -TERM $$', { end: end.signal }).done).error).toBeInstanceOf(CrawlHandedBack);
  expect((await crawl('trap "exit 143" TERM; kill -TERM $$', { end: end.signal }).done).error).toBeInstanceOf(
    CrawlHandedBack,
  );
  expect((await crawl('exit 0', { end: end.signal }).done).error).toBeInstanceOf(CrawlHandedBack);
  expect((await crawl(`echo '{"cursor":"2"}'`, { end: end.signal }).done).result?.new_cursor_value).toBe('2');
  expect((await crawl('exit 3', { end: end.signal }).done).error?.message).toBe('sh ended with 3.');
  expect((await crawl('kill -TERM $$').done).error?.message).toBe('sh ended with a signal.');
  expect((await crawl('exit 143').done).error?.message).toBe('sh ended with 143.');
  expect((await crawl('exit 0').done).result).toEqual({});
});

test('however many crawls run at once, one listener ends them with the worker', async () => {
  const before = process.listenerCount('exit');
  const both = [crawl('read line; sleep 600'), crawl('read line; sleep 600')];
  expect(process.listenerCount('exit')).toBe(before + 1);
  for (const { lose } of both) lose();
  await Promise.all(both.map(({ done }) => done));
  expect(process.listenerCount('exit')).toBe(before);
});

test('a command that is not there is a failure', async () => {
  const run = crawlBy(['/no/such/crawler'], { end: never, note: () => undefined });
  await expect(run(job, { signal: never, progress: () => Promise.resolve() })).rejects.toThrow('ENOENT');
});
