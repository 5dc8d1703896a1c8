import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isRunning, type ProcessIdentity } from '../backing-services/process-identity.js';
import { startBackingServices, type BackingServices } from '../backing-services/start-backing-services.js';

export interface SharedServices extends BackingServices {
  /** Undefined when they are ours; otherwise the `npm run dev` that started them, with which they end. */
  owner?: ProcessIdentity;
}

interface Options {
  directory: string;
  say: (line: string) => void;
  signal: AbortSignal;
}

/** Gives the backing services of this working copy: those of another `npm run dev` while one is running, else new ones. */
export async function sharedServices(options: Options): Promise<SharedServices> {
  const { directory, say, signal } = options;
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'services.json');
  for (let told = false; ; await sleep(200, undefined, { signal })) {
    const note = readNote(file);
    if (note === undefined || !isRunning(note.owner)) {
      if (takeOver(file)) return startShared(file, options);
    } else if (note.env !== undefined) {
      say(`using the backing services of process ${note.owner.pid}; they end when it ends`);
      const services = await startBackingServices({
        ...options,
        which: ALL,
        environment: { ...note.env, ...process.env },
      });
      return { ...services, owner: note.owner };
    } else if (!told) {
      say(`waiting for process ${note.owner.pid}, which is starting the backing services`);
      told = true;
    }
  }
}

const ALL = ['postgres', 'rabbitmq', 'redis', 's3'] as const;

async function startShared(file: string, options: Options): Promise<SharedServices> {
  const forget = () => rmSync(file, { force: true });
  const { env, stop } = await startBackingServices({ ...options, which: ALL, keep: options.directory }).catch(
    (error: unknown) => {
      forget();
      throw error;
    },
  );
  writeNote(`${file}.new`, env);
  renameSync(`${file}.new`, file);
  const end = async () => {
    forget();
    await stop();
  };
  return { env, stop: end };
}

interface Note {
  owner: ProcessIdentity;
  /** Missing until they are started. */
  env?: Record<string, string>;
}

function readNote(file: string): Note | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Note;
  } catch {
    return undefined;
  }
}

/** True when the note is ours now: a link is made whole or not at all, so of two who try only one succeeds. */
function takeOver(file: string): boolean {
  const own = `${file}.${process.pid}`;
  rmSync(file, { force: true });
  writeNote(own);
  try {
    linkSync(own, file);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Passwords are in it, so it is for our eyes only. */
function writeNote(file: string, env?: Record<string, string>): void {
  writeFileSync(file, JSON.stringify({ owner: identify(process.pid), env }), { mode: 0o600 });
}
