import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { CrawlFailure, CrawlHandedBack, type Crawl, type CrawlResult } from '../worker/crawl.js';

const Line = z.union([
  z.object({ progress: z.string() }),
  z.object({
    error: z.string(),
    retryable: z.boolean().optional(),
    retry_after_s: z.number().optional(),
    stats: z.unknown().optional(),
  }),
  z.object({ cursor: z.string().nullish(), stats: z.unknown().optional(), observations: z.unknown().optional() }),
]);

const KILL_AFTER_MS = 5000;

interface Surroundings {
  /** Aborted when the worker is asked to end: whoever stops a service may end its crawls with it. */
  readonly end: AbortSignal;
  readonly note: (text: string) => void;
  readonly kill_after_ms?: number;
}

/**
 * A crawl is one run of a command; what it prints is what it found. When the crawl must stop, all that the command has begun
 * gets SIGTERM and five seconds later SIGKILL: none of it visits the site any more.
 */
export function crawlBy(
  [program, ...args]: readonly string[],
  { end, note, kill_after_ms = KILL_AFTER_MS }: Surroundings,
): Crawl {
  return async (job, { signal, progress }) => {
    // In a group of its own: a Ctrl-C at the terminal is the worker's alone, and what the command began can be ended with it.
    const child = spawn(program!, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: hasGroups });
    const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    let isOver = false;
    void ended.catch(() => undefined).finally(() => (isOver = true));
    const lines = createInterface({ input: child.stdout });
    let killer: ReturnType<typeof setTimeout> | undefined;
    const kill = () => {
      tell(child, 'SIGKILL');
      // Who has left the group may still hold the other end.
      lines.close();
      child.stdout.destroy();
    };
    const stop = () => {
      tell(child, 'SIGTERM');
      killer ??= setTimeout(kill, kill_after_ms);
    };
    signal.addEventListener('abort', stop, { once: true });
    const forget = killAtExit(kill);
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${JSON.stringify(job)}\n`);
    let result: CrawlResult | undefined;
    let failure: CrawlFailure | undefined;
    try {
      for await (const text of lines) {
        if (text.trim() === '') continue;
        const said = Line.safeParse(jsonIn(text));
        if (!said.success) note(`job ${job.id}: this is no line of a crawl: ${text.slice(0, 200)}`);
        else if ('progress' in said.data) await progress(said.data.progress);
        else if ('error' in said.data) failure = new CrawlFailure(said.data.error, said.data as CrawlFailure['report']);
        else
          result = {
            new_cursor_value: said.data.cursor,
            stats: said.data.stats as CrawlResult['stats'],
            observations: said.data.observations as CrawlResult['observations'],
          };
      }
      const code = await ended;
      signal.throwIfAborted();
      if (failure) throw failure;
      if (end.aborted && wasCutShort(code, result)) throw new CrawlHandedBack();
      if (code !== 0) throw new CrawlFailure(`${program} ended with ${code ?? 'a signal'}.`);
      return result ?? {};
    } finally {
      signal.removeEventListener('abort', stop);
      // Left before its end, or ended but for what it began.
      if (!isOver) stop();
      await ended.catch(() => undefined);
      clearTimeout(killer);
      if (killer !== undefined) kill();
      forget();
    }
  };
}

/** By the signal itself, by the code that stands for it where the command has heard it, or in silence before it found anything. */
const wasCutShort = (code: number | null, result: CrawlResult | undefined): boolean =>
  code === null || STOPPED.includes(code) || (code === 0 && result === undefined);

const STOPPED: readonly number[] = [128 + constants.signals.SIGINT, 128 + constants.signals.SIGTERM];

const atExit = new Set<() => void>();
const killAll = () => atExit.forEach((kill) => kill());

/** However many crawls there are, this process has one listener for them all. */
function killAtExit(kill: () => void): () => void {
  if (atExit.size === 0) process.once('exit', killAll);
  atExit.add(kill);
  return () => {
    atExit.delete(kill);
    if (atExit.size === 0) process.removeListener('exit', killAll);
  };
}

const hasGroups = process.platform !== 'win32';

/** To a command and, where there are groups of processes, to all that it began. */
function tell({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(hasGroups ? -pid : pid, signal);
  } catch {
    // It has gone already.
  }
}

/** What a text says in JSON; undefined when it is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
