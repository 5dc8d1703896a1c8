import { mkdir, open, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#libs/errors/app-error';

/** A lock that is held: whoever finds it taken away has been away for too long himself, and must stop. */
export interface Hold {
  /** Fails with `conflict` when another process has taken over meanwhile. */
  requireHeld(): Promise<void>;
}

export interface AloneOptions {
  /** How long to wait for another process; 20 s when absent. */
  wait_ms?: number | undefined;
  /** After so long without a sign of life the holder counts as gone; 10 s when absent. */
  silent_ms?: number | undefined;
}

const LOOK_AGAIN_MS = 50;
/** Stands over the beginning of the holder's name once it is done: four bytes, written at once. */
const FREE = 'free';

/**
 * Runs `work` while no other process runs any under the same lock, a folder of this name. Another holder is waited for, and
 * `unavailable` when it takes too long; one that was killed is known by its process, or where that cannot be seen (another machine,
 * another container) by its silence. In the folder are numbers: the highest is the lock, and to make the next one is to take it,
 * which only one can. None is ever made anew, so that nobody breaks the lock of whoever has broken it before.
 */
export async function alone<T>(
  lock: string,
  work: (hold: Hold) => Promise<T>,
  { wait_ms = 20_000, silent_ms = 10_000 }: AloneOptions = {},
): Promise<T> {
  await mkdir(lock, { recursive: true, mode: 0o700 });
  const began = performance.now();
  /** What was last seen of the holder, and for how long that was watched: if we ourselves stood still, so may it have. */
  let seen = { life: '', at: began, watched_ms: 0 };
  for (;;) {
    const newest = await newestIn(lock);
    if (newest === undefined || !(await isHeld(newest, silent_ms))) {
      const path = await takeAfter(lock, newest?.number ?? 0);
      if (path !== undefined) return held(path, silent_ms, work);
      continue;
    }
    if (performance.now() - began >= wait_ms)
      throw new AppError('unavailable', `Another evidverse is at work here (${lock}). Try again when it is done.`);
    await sleep(LOOK_AGAIN_MS * (0.5 + Math.random()));
  }

  async function isHeld({ path, number }: Numbered, silent: number): Promise<boolean> {
    const holder = await readFile(path, 'utf8').catch(() => '');
    if (holder.startsWith(FREE) || isGone(holder)) return false;
    const beat = await stat(path).catch(() => undefined);
    const [life, now] = [`${number} ${beat?.mtimeMs}`, performance.now()];
    const watched_ms = life === seen.life ? seen.watched_ms + Math.min(now - seen.at, 4 * LOOK_AGAIN_MS) : 0;
    seen = { life, at: now, watched_ms };
    return watched_ms < silent;
  }
}

interface Numbered {
  number: number;
  path: string;
}

async function newestIn(lock: string): Promise<Numbered | undefined> {
  const numbers = (await readdir(lock)).map(Number).filter(Number.isSafeInteger);
  if (numbers.length === 0) return undefined;
  const number = Math.max(...numbers);
  return { number, path: join(lock, String(number)) };
}

/** Makes the next number; undefined when another one was quicker. */
async function takeAfter(lock: string, number: number): Promise<string | undefined> {
  const path = join(lock, String(number + 1));
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(`${process.pid} ${hostname()}`);
    await file.close();
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw thrown;
  }
  const newest = await newestIn(lock);
  if (newest?.number !== number + 1) {
    // Numbers beyond were made, and this one was cleared away, while we looked at the one before.
    await rm(path, { force: true });
    return undefined;
  }
  for (const name of await readdir(lock)) if (Number(name) <= number) await rm(join(lock, name), { force: true });
  return path;
}

async function held<T>(path: string, silent_ms: number, work: (hold: Hold) => Promise<T>): Promise<T> {
  const isOurs = () =>
    stat(path).then(
      () => true,
      () => false,
    );
  const beating = setInterval(() => {
    const now = new Date();
    void utimes(path, now, now).catch(() => undefined);
  }, silent_ms / 4).unref();
  const requireHeld = async () => {
    if (!(await isOurs()))
      throw new AppError('conflict', `Another process has taken over ${path}, as this one stood still. Try again.`);
  };
  try {
    return await work({ requireHeld });
  } finally {
    clearInterval(beating);
    if (await isOurs()) await writeFile(path, FREE, { flag: 'r+' }).catch(() => undefined);
  }
}

/** Whether a holder on this machine runs no more; of others nothing is known. */
function isGone(holder: string): boolean {
  const [pid, host] = holder.split(' ');
  if (host !== hostname() || pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code !== 'EPERM';
  }
}
