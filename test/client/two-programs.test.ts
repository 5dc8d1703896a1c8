import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryStore } from '#libs/client/node/directory-store';
import { Offline } from '#libs/client/offline/offline';
import { Snapshots } from '#libs/client/snapshots/snapshots';
import { systemClock } from '#libs/client/snapshots/system-clock';
import { eventually } from '#libs/testing/child-process';
import { MemoryHost, Publisher } from '#libs/testing/snapshot-world';
import { serveStatic, type StaticHost } from '#libs/testing/static-host';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import { bundle } from '../../scripts/client/bundle.js';

/** Two processes with one snapshot between them, one of which is killed. */
const made = mkdtempSync(join(tmpdir(), 'evidverse-two-'));
let publisher: Publisher;
let served: StaticHost;
beforeAll(async () => {
  await bundle(made);
  writeFileSync(join(made, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(made, 'sync.js'), PROGRAM);
  const host = new MemoryHost();
  publisher = await Publisher.start(host, systemClock);
  served = await serveStatic(host);
});
afterAll(async () => {
  await served?.close();
  rmSync(made, { recursive: true, force: true });
});

/** Syncs a folder, and is gone, as if by kill -9, before the n-th change to it. */
const PROGRAM = `
import { Snapshots } from './client.js';
import { directoryStore } from './node.js';
const [from, folder, at] = process.argv.slice(2);
const store = directoryStore(folder);
let step = 0;
const dies = (work) => (...given) => {
  if (++step === Number(at)) process.kill(process.pid, 'SIGKILL');
  return work.apply(store, given);
};
const mortal = Object.assign(Object.create(store), {
  write: dies(store.write), rename: dies(store.rename), remove: dies(store.remove),
  alone: (work) => store.alone(() => { console.log('at work'); return work(); }),
});
await new Snapshots({ from, store: mortal }).sync();
console.log('steps', step);
`;

test('a program that fetches for ever ends, well, when it is asked to', async () => {
  const args = ['evidverse.js', 'fetch', '--to', join(made, 'vabhub'), '--from', 'http://127.0.0.1:9/', '--every', '1'];
  const child = spawn(process.execPath, args, { cwd: made, env: { EVIDVERSE_HOME: join(made, 'home') } });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const ended = new Promise((resolve) => child.once('close', resolve));
  await eventually(() => Promise.resolve(said.includes('cannot be reached')));
  expect(child.exitCode).toBeNull();
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

const hour = (n: number) => ({
  titles: Buffer.from(
    buildTitleIndex([{ release_key: 'x', type: 'movie', year: 2000, aliases: [{ title: `Harbour ${n}` }] }]),
  ),
  works: { x: { title: `Harbour ${n}`, type: 'movie', year: 2000 } },
  recent: {},
  index: { x: { release_key: 'x', sites: [{ site: 'hdsky', score: n, last_seen: '2026-01-01T00:00:00.000Z' }] } },
  rules: { version: n, rules: [] },
});
const here = (folder: string) => new Snapshots({ from: served.url, store: directoryStore(folder) });

/** Starts the program; resolves when it is the one at work, with how it will have ended and what it will have said. */
async function otherProgram(folder: string, diesAt = 0) {
  const child = spawn(process.execPath, ['sync.js', served.url, folder, String(diesAt)], { cwd: made });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const ended = new Promise<{ signal: string | null; said: string }>((resolve) =>
    child.once('close', (_code, signal) => resolve({ signal, said })),
  );
  await Promise.race([
    ended,
    new Promise<void>((resolve) =>
      child.stdout.on('data', (bytes: Buffer) => {
        said += bytes.toString();
        resolve();
      }),
    ),
  ]);
  return { ended };
}

test('killed at any step, it leaves the old snapshot or the new one to the other, who waits for it and goes on at once', async () => {
  const base = join(made, 'base');
  mkdirSync(base);
  await publisher.publish(hour(1));
  await here(base).sync();
  await publisher.publish(hour(2));
  await here(base).sync();
  await publisher.publish(hour(3));
  const copy = (name: string) => {
    cpSync(base, join(made, name), { recursive: true });
    return join(made, name);
  };
  const whole = await (await otherProgram(copy('whole'))).ended;
  const steps = Number(/steps (\d+)/.exec(whole.said)?.[1]);
  expect(steps).toBeGreaterThan(12);
  const found = new Set<number>();
  for (let step = 1; step <= steps; step++) {
    const folder = copy(`killed-${step}`);
    const { ended } = await otherProgram(folder, step);
    const snapshots = here(folder);
    const waiting = snapshots.sync();
    expect((await ended).signal).toBe('SIGKILL');
    const before = await new Offline(here(folder)).sites('x');
    found.add(before.snapshot.seq);
    expect(before.answer.sites[0]!.score).toBe(before.snapshot.seq);
    await waiting;
    expect((await new Offline(snapshots).resolve('Harbour 3')).answer).toMatchObject({ title: 'Harbour 3' });
    expect((await new Offline(snapshots).rules()).answer.version).toBe(3);
  }
  expect([...found].sort()).toEqual([2, 3]);
});
