import { execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { identify, isRunning, type ProcessIdentity } from './process-identity.js';

/** A server that runs beside us until the workplace is closed. */
export interface Daemon {
  name: string;
  pid: number;
  log: string;
  ended: Promise<string>;
}

/**
 * The processes and files of one run. `close` ends and removes all of them; what a killed run could not close
 * is in a record below `directory`, and the next run does it.
 */
export class Workplace {
  readonly folder: string;
  private readonly record: string;
  private readonly owner = identify(process.pid);
  private readonly processes: ProcessIdentity[] = [];
  private readonly endings: Promise<string>[] = [];
  private readonly closers: (() => Promise<void>)[] = [];
  private closed: Promise<void> | undefined;

  constructor(
    directory: string,
    readonly signal: AbortSignal,
    readonly say: (line: string) => void,
  ) {
    mkdirSync(directory, { recursive: true });
    closeLeftovers(directory, say);
    this.folder = mkdtempSync(join(tmpdir(), 'evidverse-'));
    // As root some servers run as another account, which must be able to pass through.
    chmodSync(this.folder, process.getuid?.() === 0 ? 0o711 : 0o700);
    this.record = join(directory, `${RECORD}${process.pid}-${Date.now()}.json`);
    this.save();
  }

  /** A new folder for one server. */
  makeFolder(name: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Starts a server in its own process group, so that Ctrl-C in a terminal reaches only us; it writes into a file. */
  start(name: string, program: string, args: string[], environment: NodeJS.ProcessEnv = process.env): Daemon {
    this.signal.throwIfAborted();
    const log = join(this.folder, `${name}.log`);
    const output = openSync(log, 'a');
    const child = spawn(program, args, {
      env: environment,
      cwd: this.folder,
      detached: true,
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    const ended = new Promise<string>((end) => {
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) => end(`ended with ${signal ?? `exit code ${code}`}`));
    });
    child.unref();
    this.endings.push(ended);
    if (child.pid !== undefined) this.remember(child.pid);
    return { name, pid: child.pid ?? 0, log, ended };
  }

  /** Runs a short command to its end and gives what it printed; what it complained is in the error. */
  async run(program: string, args: string[], environment: NodeJS.ProcessEnv = process.env): Promise<string> {
    const { stdout } = await promisify(execFile)(program, args, {
      env: environment,
      cwd: this.folder,
      signal: this.signal,
      timeout: 60_000,
    });
    return stdout;
  }

  /** Waits until `probe` no longer throws; gives up when the server ends or `seconds` are over. */
  async until(daemon: Daemon, probe: () => Promise<unknown>, seconds: number): Promise<void> {
    let ended: string | undefined;
    void daemon.ended.then((how) => (ended = how));
    for (const deadline = Date.now() + seconds * 1000; ;) {
      try {
        await probe();
        return;
      } catch (error) {
        this.signal.throwIfAborted();
        if (ended !== undefined) throw new Error(`${daemon.name} ${ended}.\n${lastLines(daemon.log)}`);
        if (Date.now() > deadline)
          throw new Error(
            `${daemon.name} did not answer within ${seconds} s (${(error as Error).message}).\n${lastLines(daemon.log)}`,
          );
        await sleep(100);
      }
    }
  }

  /** Ends this process too if we are killed before `close`. */
  remember(pid: number): void {
    const identity = identify(pid);
    if (identity) this.processes.push(identity);
    this.save();
  }

  /** Runs at `close`, before processes are killed. */
  atClose(closer: () => Promise<void>): void {
    this.closers.push(closer);
  }

  close(): Promise<void> {
    return (this.closed ??= this.closeOnce());
  }

  private async closeOnce(): Promise<void> {
    const closings = await Promise.allSettled(this.closers.map((closer) => closer()));
    this.processes.forEach(killGroup);
    const patience = new AbortController();
    const allEnded = Promise.all(this.endings).then(() => patience.abort());
    await Promise.race([allEnded, sleep(5_000, undefined, { signal: patience.signal }).catch(() => {})]);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    rmSync(this.record, { force: true });
    const failed = closings.find((closing) => closing.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private save(): void {
    const content: Leftovers = { owner: this.owner, folder: this.folder, processes: this.processes };
    writeFileSync(`${this.record}.new`, JSON.stringify(content));
    renameSync(`${this.record}.new`, this.record);
  }
}

const RECORD = 'backing-services-';

interface Leftovers {
  owner: ProcessIdentity | undefined;
  folder: string;
  processes: ProcessIdentity[];
}

function closeLeftovers(directory: string, say: (line: string) => void): void {
  for (const name of readdirSync(directory).filter((file) => file.startsWith(RECORD) && file.endsWith('.json'))) {
    const { owner, folder, processes } = readLeftovers(join(directory, name));
    if (owner && isRunning(owner)) continue;
    const running = processes.filter(isRunning);
    say(`a run that was killed left ${running.length} processes and ${folder || 'nothing else'}: clearing up`);
    running.forEach(killGroup);
    if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    rmSync(join(directory, name), { force: true });
  }
}

function readLeftovers(path: string): Leftovers {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Leftovers;
  } catch {
    return { owner: undefined, folder: '', processes: [] }; // killed while it was writing
  }
}

/** By force: what these servers hold is thrown away. */
function killGroup(identity: ProcessIdentity): void {
  if (!isRunning(identity)) return;
  for (const target of [-identity.pid, identity.pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // ended by itself, or leads no group
    }
  }
}

function lastLines(path: string): string {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
}
