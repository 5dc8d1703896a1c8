import { hostname } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { runWorker } from '../../worker/run-worker.js';
import type { WorkerNews } from '../../worker/worker-news.js';
import type { AddCommand, CommandLine, CommonOptions } from '../command-line.js';
import { askedToEnd } from '../asked-to-end.js';
import { crawlBy, jsonIn } from '../crawl-command.js';
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
{"cursor":"<where to go on>","stats":{"pages":3,"status":200},"observations":[{"title":"..."}]}, of which all may be missing;
observations are 500 at most.
It fails by another exit code than 0, or by {"error":"<why>","retryable":false,"retry_after_s":600}.
When its lease is lost it and all it has begun get SIGTERM, and five seconds later SIGKILL: nothing done then counts.
Put -- before the command if it has options of its own.`;

async function work(line: CommandLine, options: Options, command: readonly string[]): Promise<void> {
  const server = await line.chosenServer(options);
  const registration_token = options.registrationTokenStdin ? (await line.terminal.readAll()).trim() : undefined;
  const path = join(line.environment.home, 'nodes', `${encodeURIComponent(`${server} ${options.node}`)}.secret`);
  const end = askedToEnd();
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
    crawl: crawlBy(command, { end, note: (text) => line.terminal.note(text) }),
    drain: end,
    grace_ms: options.grace * 1000,
    tell: (news) => (options.json ? line.terminal.say(JSON.stringify(news)) : line.terminal.note(inWords(news))),
  });
}

function readObject(text: string): Record<string, unknown> {
  const value = jsonIn(text);
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
    case 'withheld':
      return `job ${news.job_id}: ${news.count} name${news.count === 1 ? '' : 's'} not told, for an address or a key in ${news.count === 1 ? 'it' : 'them'}`;
    case 'not_taken': {
      const [first] = news.refused;
      const others = news.refused.length > 1 ? `, and ${news.refused.length - 1} more` : '';
      return `job ${news.job_id}: observation ${first!.at + 1} was not taken${others}: ${[first!.field, first!.reason].filter(Boolean).join(': ')}`;
    }
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
