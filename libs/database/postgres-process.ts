import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#libs/errors/app-error';
import { freePort } from './free-port.js';
import type { Account, PostgresPrograms } from './postgres-programs.js';

/** A server process on its data directory. */
export interface PostgresProcess {
  pid: number;
  port: number;
  data: string;
  /** Ours, or undefined when another process started it. */
  child?: ChildProcess;
}

export interface PostgresLaunch {
  programs: PostgresPrograms;
  data: string;
  account: Account | undefined;
  durable: boolean;
  onLog: (line: string) => void;
  /** The process that the pid file names although it is not PostgreSQL: it must not be taken for the holder. */
  staleProcess?: number;
}

/** Starts a server on a free loopback port and waits until it takes connections; what it said is in the error. */
export async function launchPostgres(launch: PostgresLaunch): Promise<PostgresProcess> {
  const { programs, data, account, durable, onLog, staleProcess } = launch;
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // One that may forget is a test's, which others share that run beside it, each with processes and pools of its own.
    max_connections: durable ? 100 : 400,
    shared_buffers: '64MB',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? { fsync: 'on' } : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const child = spawn(
    programs.postgres,
    [
      '-D',
      data,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    {
      ...account,
      cwd: '/',
      env: programEnvironment(staleProcess === undefined ? {} : { PG_GRANDPARENT_PID: String(staleProcess) }),
      // Its own group: Ctrl-C in a terminal is for us, and we stop the server when we are done with it.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
    },
  );
  const ended = new Promise<string>((end) => {
    child.once('error', (error) => end(error.message));
    child.once('close', (code, signal) => end(`PostgreSQL ended (${signal ?? `exit ${code}`})`));
  });
  void ended.then(onLog);
  const lastLines = followLog(child, onLog);
  child.unref();
  for (;;) {
    const found = readPidFile(data);
    if (found?.pid === child.pid && found?.isReady) return { pid: found.pid, port, data, child };
    const end = await Promise.race([ended, sleep(15)]);
    if (end !== undefined) throw new Error([...lastLines, end].join('\n'));
  }
}

/** What the pid file of a data directory says: a PostgreSQL that runs on it, or the number of a process that is something else. */
export function findPostgres(data: string): { running?: PidFile; staleProcess?: number } {
  const found = readPidFile(data);
  if (found === undefined) return {};
  return isPostgresOf(found.pid, data) ? { running: found } : { staleProcess: found.pid };
}

/** Fast, then immediate (the log is replayed at the next start), then by force: each waits for the end before the next. */
export async function stopPostgres(server: PostgresProcess): Promise<void> {
  const { pid, data, child } = server;
  const isRunning = () => (child ? child.exitCode === null && child.signalCode === null : isPostgresOf(pid, data));
  for (const [signal, patience] of [
    ['SIGINT', 60_000],
    ['SIGQUIT', 10_000],
    ['SIGKILL', 10_000],
  ] as const) {
    if (!isRunning()) return;
    if (isAlive(pid)) process.kill(pid, signal);
    for (const deadline = Date.now() + patience; isRunning() && Date.now() < deadline;) await sleep(10);
  }
  if (isRunning()) throw doesNotAnswer(pid, data);
}

/** Passes whole lines on and keeps the last ones; the stream must be read, or the server would stand still, and must not hold us. */
function followLog(child: ChildProcess, onLog: (line: string) => void): string[] {
  const lastLines: string[] = [];
  let rest = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    lastLines.push(...lines);
    lastLines.splice(0, lastLines.length - 20);
    for (const line of lines) onLog(line);
  });
  (child.stderr as { unref?(): void } | null)?.unref?.();
  return lastLines;
}

interface PidFile {
  pid: number;
  port: number;
  isReady: boolean;
}

function readPidFile(data: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return pid > 0 ? { pid, port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' } : undefined;
  } catch {
    return undefined;
  }
}

/** A process number is reused sooner or later, so what runs under it must be PostgreSQL, on this very directory. */
function isPostgresOf(pid: number, data: string): boolean {
  if (!isAlive(pid)) return false;
  const command = commandOf(pid).replaceAll('\0', ' ').replaceAll('"', '');
  return /(^|[/\\])postgres(\.exe)?\b/.test(command) && command.includes(` -D ${data} -p `);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    if (process.platform === 'linux') return '';
  }
  const [program, args] =
    process.platform === 'win32'
      ? [
          'powershell',
          ['-NoProfile', '-Command', `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`],
        ]
      : ['ps', ['-ww', '-o', 'command=', '-p', String(pid)]];
  return spawnSync(program as string, args as string[], { encoding: 'utf8', windowsHide: true }).stdout ?? '';
}

/** Whether any process has this number. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Nothing of the caller's environment (PGDATA, PGPORT, locale) reaches the server; Windows needs its own. */
export function programEnvironment(more: Record<string, string> = {}): Record<string, string> | undefined {
  return process.platform === 'win32' ? undefined : { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', ...more };
}

/** What to say about a server that neither serves nor ends. */
export function doesNotAnswer(pid: number, data: string): AppError {
  return new AppError(
    'unavailable',
    `A PostgreSQL (process ${pid}) holds ${data} and does not answer. Stop it (\`kill -INT ${pid}\`) and start again.`,
  );
}
