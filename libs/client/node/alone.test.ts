import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { alone } from './alone.js';

const made = mkdtempSync(join(tmpdir(), 'evidverse-alone-'));
afterAll(() => rmSync(made, { recursive: true, force: true }));
let locks = 0;
const newLock = () => join(made, `${++locks}`, 'lock');
/** A lock that somebody took and never gave back. */
function leftBy(holder: string): string {
  const lock = newLock();
  mkdirSync(lock, { recursive: true });
  writeFileSync(join(lock, '7'), holder);
  return lock;
}
const ended = spawnSync(process.execPath, ['-e', '0']).pid;

test('however many want it at once, one is at work at a time, and all have their turn', async () => {
  const lock = newLock();
  let inside = 0;
  const most: number[] = [];
  const one = () =>
    alone(lock, async () => {
      most.push(++inside);
      await new Promise(setImmediate);
      inside--;
    });
  await Promise.all(Array.from({ length: 30 }, one));
  expect(most).toEqual(Array.from({ length: 30 }, () => 1));
  expect(readdirSync(lock)).toHaveLength(1);
});

test('work that fails gives the lock back, and its own failure on', async () => {
  const lock = newLock();
  await expect(alone(lock, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
  expect(await alone(lock, () => Promise.resolve('next'), { wait_ms: 0 })).toBe('next');
});

test('who finds it taken waits, and says so when that takes too long', async () => {
  const lock = newLock();
  await alone(lock, async () => {
    const other = alone(lock, () => Promise.resolve(), { wait_ms: 60 });
    await expect(other).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(lock) as string,
    });
  });
});

test('a holder that runs no more is not waited for', async () => {
  const lock = leftBy(`${ended} ${hostname()}`);
  expect(await alone(lock, () => Promise.resolve('mine'), { wait_ms: 0 })).toBe('mine');
  expect(readdirSync(lock)).toEqual(['8']);
});

test.each([
  ['on another machine', `${process.pid} elsewhere`],
  ['that was killed before it gave its name', ''],
  ['whose number another process has now', `${process.pid} ${hostname()}`],
])('a holder %s counts as gone when it has shown no sign of life', async (_name, holder) => {
  const lock = leftBy(holder);
  await expect(alone(lock, () => Promise.resolve(), { wait_ms: 0, silent_ms: 60_000 })).rejects.toThrow('at work');
  expect(await alone(lock, () => Promise.resolve('mine'), { silent_ms: 60 })).toBe('mine');
});

test('a holder that shows signs of life is waited for, however long its work takes', async () => {
  const [lock, options] = [newLock(), { silent_ms: 300 }];
  let isDone = false;
  const waiting: Promise<boolean>[] = [];
  await alone(
    lock,
    async () => {
      waiting.push(alone(lock, () => Promise.resolve(isDone), options));
      await new Promise((resolve) => setTimeout(resolve, 3 * options.silent_ms));
      isDone = true;
    },
    options,
  );
  expect(await Promise.all(waiting)).toEqual([true]);
});

test('who stood still until another took over learns of it before it changes anything', async () => {
  const lock = newLock();
  await alone(lock, async ({ requireHeld }) => {
    await requireHeld();
    writeFileSync(join(lock, '9'), `${ended} ${hostname()}`);
    await alone(lock, () => expect(requireHeld()).rejects.toMatchObject({ code: 'conflict' }), { wait_ms: 0 });
  });
  expect(await alone(lock, () => Promise.resolve('next'), { wait_ms: 0 })).toBe('next');
});
