import { spawn, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Readable } from 'node:stream';
import { AppError } from '#libs/errors/app-error';

export interface RunOptions {
  /** Ends the program and all it started: asked first, killed five seconds later. The reason of the signal is thrown. */
  signal?: AbortSignal;
  /** The longest it may run; ten minutes unless told otherwise. */
  timeLimitMs?: number;
  /** Takes what it writes to standard output, as it comes; without it, that is kept and given back. */
  onOutput?: (chunk: Buffer) => void;
  /** The most that it may write to standard output when that is kept; 16 MiB unless told otherwise. */
  maxOutputBytes?: number;
  /** Takes the lines that it writes to file descriptor 3. */
  onLine?: (line: string) => void;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/** What a program left behind when it ended well: its standard output if it was kept, and the end of its complaints. */
export interface Ran {
  output: Buffer;
  complaints: string;
}

const KILL_AFTER_MS = 5000;
const TAIL_BYTES = 4000;

/**
 * Runs a program at low priority in a process group of its own, with a list of arguments and no shell. A program that
 * fails, takes too long or writes too much is `invalid`, with its last words in the details; one that somebody else
 * killed or that cannot be started is `unavailable`.
 */
export async function runProgram(path: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { signal, timeLimitMs = 600_000, maxOutputBytes = 16 * 1024 * 1024 } = options;
  signal?.throwIfAborted();
  const child = spawn(path, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe', options.onLine ? 'pipe' : 'ignore'],
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', (cause) => reject(notStarted(path, cause)));
    child.once('close', (code, by) => resolve({ code, by }));
  });
  makeNice(child);
  const kept: Buffer[] = [];
  let bytes = 0;
  let verdict: unknown;
  const stop = (why: unknown) => {
    if (verdict !== undefined) return;
    verdict = why;
    endGroup(child);
  };
  child.stdout!.on('data', (chunk: Buffer) => {
    if (options.onOutput) return guarded(() => options.onOutput!(chunk), stop);
    bytes += chunk.length;
    if (bytes > maxOutputBytes) stop(tooMuch(path, maxOutputBytes));
    else kept.push(chunk);
  });
  const complaints = tail(child.stderr!);
  if (options.onLine) byLine(child.stdio[3] as Readable, (line) => guarded(() => options.onLine!(line), stop));
  const timer = setTimeout(() => stop(tooSlow(path, timeLimitMs)), timeLimitMs);
  const aborted = () => stop(signal!.reason ?? new AppError('unavailable', 'The work was called off.'));
  signal?.addEventListener('abort', aborted, { once: true });
  try {
    const { code, by } = await ended;
    if (verdict !== undefined) throw verdict;
    if (code !== 0) throw failed(path, { code, by }, complaints());
    return { output: Buffer.concat(kept), complaints: complaints() };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', aborted);
  }
}

interface Ended {
  code: number | null;
  by: NodeJS.Signals | null;
}

function makeNice({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, 10);
  } catch {
    // It has ended already, or the system does not let us.
  }
}

function endGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM');
  const kill = setTimeout(() => signalGroup(child, 'SIGKILL'), KILL_AFTER_MS);
  child.once('close', () => clearTimeout(kill));
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // The group is gone.
  }
}

function guarded(work: () => void, stop: (why: unknown) => void): void {
  try {
    work();
  } catch (error) {
    stop(error);
  }
}

function tail(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(-TAIL_BYTES)));
  return () => text.trim();
}

function byLine(stream: Readable, take: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    lines.forEach(take);
  });
}

const nameOf = (path: string) => path.split(/[\\/]/).pop()!;

function failed(path: string, { code, by }: Ended, complaints: string): AppError {
  const details = { exit_code: code, signal: by, complaints };
  if (by !== null)
    return new AppError('unavailable', `${nameOf(path)} was killed (${by}); perhaps memory ran out.`, details);
  const last = complaints.split('\n').pop() ?? '';
  return new AppError('invalid', `${nameOf(path)} could not do it (exit ${code}). ${last}`.trim(), details);
}

function notStarted(path: string, cause: unknown): AppError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new AppError('unavailable', `${nameOf(path)} cannot be started (${code}).`, undefined, { cause });
}

function tooSlow(path: string, limit: number): AppError {
  return new AppError('invalid', `${nameOf(path)} took longer than ${Math.round(limit / 1000)} s and was ended.`, {
    reason: 'time_limit',
  });
}

function tooMuch(path: string, limit: number): AppError {
  return new AppError('invalid', `${nameOf(path)} wrote more than ${limit} bytes and was ended.`, {
    reason: 'too_large',
  });
}
