import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isRunning, type ProcessIdentity } from './process-identity.js';
import { Workplace } from './workplace.js';

const root = mkdtempSync(join(tmpdir(), 'workplace-'));
let directory: string;
let said: string[];
const open = () => new Workplace(directory, new AbortController().signal, (line) => said.push(line));

beforeEach(() => {
  directory = mkdtempSync(join(root, 'run-'));
  said = [];
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('closing ends the servers and leaves no file', async () => {
  const workplace = open();
  const server = workplace.start('sleeper', 'sleep', ['60']);
  expect(identify(server.pid)).toBeDefined();
  await workplace.close();
  await workplace.close();
  expect(identify(server.pid)).toBeUndefined();
  expect(existsSync(workplace.folder)).toBe(false);
  expect(readdirSync(directory)).toEqual([]);
});

test('what a killed run left is cleared by the next', async () => {
  const { process: left, folder } = leftover({ owner: { pid: process.pid, started: 'long ago' } });
  const workplace = open();
  await until(() => !isRunning(left));
  expect(existsSync(folder)).toBe(false);
  expect(said).toEqual([`a run that was killed left 1 processes and ${folder}: clearing up`]);
  await workplace.close();
  expect(readdirSync(directory)).toEqual([]);
});

test('a run that is still going keeps what it has', async () => {
  const { process: theirs, folder } = leftover({ owner: identify(process.pid) });
  await open().close();
  expect(isRunning(theirs)).toBe(true);
  expect(existsSync(folder)).toBe(true);
  process.kill(theirs.pid);
});

test('a process that only has the number of an old one is left alone', async () => {
  const { process: other } = leftover({ owner: undefined, started: 'another time' });
  await open().close();
  await sleep(100);
  expect(identify(other.pid)).toBeDefined();
  process.kill(other.pid);
});

test('a server that ends while it is waited for is a failure with its last words', async () => {
  const workplace = open();
  const server = workplace.start('shouter', 'sh', ['-c', 'echo the port is taken; exit 3']);
  const waiting = workplace.until(server, () => Promise.reject(new Error('refused')), 10);
  await expect(waiting).rejects.toThrow('shouter ended with exit code 3.\nthe port is taken');
  await workplace.close();
});

test('a server that never answers is given up', async () => {
  const workplace = open();
  const server = workplace.start('silent', 'sleep', ['60']);
  const waiting = workplace.until(server, () => Promise.reject(new Error('refused')), 0.2);
  await expect(waiting).rejects.toThrow('silent did not answer within 0.2 s (refused)');
  await workplace.close();
});

/** A process and a folder, in the record of a run. */
function leftover({ owner, started }: { owner: ProcessIdentity | undefined; started?: string }) {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  child.unref();
  const running = identify(child.pid ?? 0) as ProcessIdentity;
  const folder = join(directory, 'files');
  mkdirSync(folder);
  const record = { owner, folder, processes: [{ ...running, ...(started === undefined ? {} : { started }) }] };
  writeFileSync(join(directory, 'backing-services-1.json'), JSON.stringify(record));
  return { process: running, folder };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(10);
}
