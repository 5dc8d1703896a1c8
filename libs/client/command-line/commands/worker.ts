import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { CrawlFailure, type Crawl, type CrawlResult } from '../../worker/crawl.js';
import { runWorker } from '../../worker/run-worker.js';
import type { WorkerNews } from '../../worker/worker-news.js';
import type { AddCommand, CommandLine, CommonOptions } from '../command-line.js';
import { askedToEnd } from '../asked-to-end.js';
import { readIfThere, writeWhole } from '../files.js';
import { wholeNumber } from '../numbers.js';

interface Options extends CommonOptions {
  node: string;
  registrationTokenStdin?: boolean;
  site?: string[];
  atOnce: number;
  capabilities: Record<string, unknown>;
  grace: number;
}

/** `evidverse worker`: a node of the mesh, whose crawls are runs of an operator's own command. */
export const worker: AddCommand = (program, line) =>
  void program
    .command('worker')
    .description('be a node of the mesh: run a command for every job')
    .argument('<command...>', 'gets the job as JSON on standard input; see below for what it says')
    .option('--node <name>', 'the name of this node', hostname())
    .option('--registration-token-stdin', 'enrol first, with the token on standard input')
    .option('--site <id...>', 'only jobs of these sites')
    .option('--at-once <jobs>', 'how many jobs at once', wholeNumber, 1)
    .option('--capabilities <json>', 'what this node can do', readObject, {})
    .option('--grace <seconds>', 'how long work may go on after a SIGTERM', wholeNumber, 30)
    .addHelpText('after', PROTOCOL)
    .action(line.run((options: Options, command: string[]) => work(line, options, command)));

const PROTOCOL = `
The command prints JSON lines: {"progress":"<cursor>"} as often as it likes, and at its end
{"cursor":"<where to go on>","stats":{"pages":3,"status":200},"observations":[{"title":"..."}]}, of which all may be missing.
It fails by another exit code than 0, or by {"error":"<why>","retryable":false,"retry_after_s":600}.
When its lease is lost it gets SIGTERM, and five seconds later SIGKILL: nothing it does then counts.
Put -- before the command if it has options of its own.`;

async function work(line: CommandLine, options: Options, command: readonly string[]): Promise<void> {
  const server = await line.chosenServer(options);
  const registration_token = options.registrationTokenStdin ? (await line.terminal.readAll()).trim() : undefined;
  const path = join(line.environment.home, 'nodes', `${encodeURIComponent(`${server} ${options.node}`)}.secret`);
  await runWorker({
    mesh: { ...line.sender(server) },
    node_id: options.node,
    secrets: {
      read: async () => (await readIfThere(path))?.trim() ?? null,
      write: (secret) => writeWhole(path, `${secret}\n`, 0o600),
    },
    registration_token,
    capabilities: { ...(options.site && { sites: options.site }), ...options.capabilities },
    client_version: line.version,
    want_sites: options.site,
    at_once: options.atOnce,
    crawl: crawlBy(command, (text) => line.terminal.note(text)),
    drain: askedToEnd(),
    grace_ms: options.grace * 1000,
    tell: (news) => (options.json ? line.terminal.say(JSON.stringify(news)) : line.terminal.note(inWords(news))),
  });
}

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

/** A crawl is one run of a command; what it prints is what it found. */
function crawlBy([program, ...args]: readonly string[], note: (text: string) => void): Crawl {
  return async (job, { signal, progress }) => {
    const child = spawn(program!, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    ended.catch(() => undefined);
    let killer: ReturnType<typeof setTimeout> | undefined;
    const stop = () => {
      child.kill('SIGTERM');
      killer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    };
    signal.addEventListener('abort', stop, { once: true });
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${JSON.stringify(job)}\n`);
    let result: CrawlResult = {};
    let failure: CrawlFailure | undefined;
    try {
      for await (const text of createInterface({ input: child.stdout })) {
        if (text.trim() === '') continue;
        const said = Line.safeParse(jsonOf(text));
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
      if (code !== 0) throw new CrawlFailure(`${program} ended with ${code ?? 'a signal'}.`);
      return result;
    } finally {
      signal.removeEventListener('abort', stop);
      if (child.exitCode === null && child.signalCode === null) stop();
      await ended.catch(() => undefined);
      clearTimeout(killer);
    }
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readObject(text: string): Record<string, unknown> {
  const value = jsonOf(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidArgumentError('It must be a JSON object.');
  return value as Record<string, unknown>;
}

function inWords(news: WorkerNews): string {
  switch (news.event) {
    case 'registered':
      return `${news.node_id} is a node of the mesh; leases last ${news.lease_ttl_s} s.`;
    case 'idle':
      return `No work: ${news.message}`;
    case 'elsewhere':
      return `${news.site_id} is crawled by the cluster ${news.owner}: work for it is at ${news.url || 'an address it has not told'}`;
    case 'started':
      return `job ${news.job_id} of ${news.site_id}: begun${news.attempt === null ? '' : ` (attempt ${news.attempt})`}`;
    case 'progress':
      return `job ${news.job_id}: at ${news.cursor_value}`;
    case 'finished':
      return `job ${news.job_id}: ${news.success ? 'done' : `failed: ${news.error}`}`;
    case 'lost':
      return `job ${news.job_id}: the lease is lost (${news.reason})`;
    case 'released':
      return `job ${news.job_id}: handed back`;
    case 'waiting':
      return `${news.error} Asking again in ${news.wait_s} s.`;
    case 'draining':
      return 'No more work is taken.';
    case 'stopped':
      return 'Gone from the mesh.';
  }
}
