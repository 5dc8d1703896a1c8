import type { Command } from 'commander';
import { AppError } from '#libs/errors/app-error';
import type { SnapshotClock } from '#libs/snapshot/world';
import type { Language } from '#libs/timeline/diff/describe-changes';
import { ApiError } from '../api/api-error.js';
import { connect, senderFor, type Api } from '../api/api.js';
import { bearer, stranger, type Credentials } from '../api/credentials.js';
import { sessionCredentials } from '../api/session.js';
import { systemClock } from '../snapshots/system-clock.js';
import { Accounts } from './accounts.js';
import type { Environment } from './environment.js';
import type { Terminal } from './terminal.js';
import { WorkingCopy } from './working-copy/working-copy.js';

/** What every command can be told. */
export interface CommonOptions {
  readonly server?: string;
  readonly json?: boolean;
  readonly lang: Language;
  readonly directory: string;
}

/** What a command has done: as data for programs, as text for people. */
export interface Outcome {
  readonly data: unknown;
  readonly text: string | readonly string[];
  /** 1 where what was asked for could not be done, though nothing went wrong. */
  readonly exit?: 0 | 1;
}

/** One command: how it is called, and what it does. */
export type AddCommand = (program: Command, line: CommandLine) => void;

export const USUAL_SERVER = 'http://localhost:8000';

/** What commands are made with: who asks which server, from which folder, and how it is told. */
export class CommandLine {
  exit: 0 | 1 = 0;
  readonly accounts: Accounts;

  constructor(
    readonly environment: Environment,
    readonly terminal: Terminal,
    readonly version: string,
    readonly clock: SnapshotClock = systemClock,
  ) {
    this.accounts = new Accounts(environment.home);
  }

  /** Makes the action of a command out of its work: tells the outcome in the form that was asked for, or what went wrong. */
  run<Arguments extends unknown[], Options extends CommonOptions = CommonOptions>(
    work: (options: Options, ...args: Arguments) => Promise<Outcome | void>,
  ): (...args: unknown[]) => Promise<void> {
    return async (...all) => {
      const command = all.at(-1) as Command;
      const options = command.optsWithGlobals<Options>();
      try {
        const outcome = await work(options, ...(all.slice(0, -2) as Arguments));
        if (outcome === undefined) return;
        this.exit = outcome.exit ?? 0;
        if (options.json) this.terminal.say(JSON.stringify(outcome.data));
        else this.terminal.say([outcome.text].flat().join('\n'));
      } catch (thrown) {
        this.exit = 1;
        this.tellFailure(thrown, options);
      }
    };
  }

  /** The server that is meant: as said, as in the environment, as of this working copy, or where one signed in last. */
  async server(options: CommonOptions): Promise<string> {
    const said =
      options.server ?? this.environment.server ?? (await WorkingCopy.findOrNull(options.directory))?.state.server;
    return said === undefined ? this.chosenServer(options) : addressOf(said);
  }

  /** The server that this person chose: a folder, which may be of anybody's making, has no say in who is given secrets. */
  async chosenServer({ server }: CommonOptions): Promise<string> {
    return addressOf(server ?? this.environment.server ?? (await this.accounts.usualServer()) ?? USUAL_SERVER);
  }

  /** The API of that server, as the person who is signed in there. */
  async api(options: CommonOptions, at?: string): Promise<Api> {
    const sender = this.sender(at ?? (await this.server(options)));
    return connect({ ...sender, credentials: await this.credentials(sender.server, options) });
  }

  sender(server: string) {
    return senderFor({ server, retries: 2, user_agent: `evidverse-cli/${this.version}` });
  }

  copy({ directory }: CommonOptions): Promise<WorkingCopy> {
    return WorkingCopy.find(directory);
  }

  private async credentials(server: string, options: CommonOptions): Promise<Credentials> {
    const { token } = this.environment;
    if (token !== undefined) {
      if (server === (await this.chosenServer(options))) return bearer(token);
      this.terminal.note(
        `EVIDVERSE_TOKEN is not sent to ${server}, which only this folder names. If you mean it: EVIDVERSE_SERVER=${server}`,
      );
    }
    const account = await this.accounts.at(server);
    if (account?.token !== undefined) return bearer(account.token);
    return account === null ? stranger : sessionCredentials(this.sender(server), this.accounts.sessionAt(server));
  }

  private tellFailure(thrown: unknown, { json }: CommonOptions): void {
    const error = AppError.from(thrown);
    const isOurs = thrown instanceof AppError;
    const message = isOurs ? error.message : thrown instanceof Error ? thrown.message : String(thrown);
    const { request_id } = thrown as { request_id?: string };
    if (json)
      this.terminal.say(
        JSON.stringify({ error: { ...error.toFailure(), message, ...(request_id && { request_id }) } }),
      );
    this.terminal.note(`evidverse: ${message}`);
    const hint = hintFor(thrown);
    if (hint !== undefined) this.terminal.note(hint);
    if (request_id && error.code === 'internal') this.terminal.note(`The server knows this request as ${request_id}.`);
  }
}

/** An address without anything behind its path. */
export function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new AppError('invalid', `${text} is not the address of a server. It looks like https://cloud.example.org`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** What to do about a failure that people often meet. */
function hintFor(thrown: unknown): string | undefined {
  if (!(thrown instanceof ApiError)) return undefined;
  const request = /^POST \/api\/v1\/merge-requests\/([^/]+)\/merge$/.exec(thrown.asked)?.[1];
  if (request !== undefined && thrown.code === 'conflict')
    return `See what is in the way: evidverse mr show ${request}`;
  const { reason, site, domains } = (thrown.details ?? {}) as { reason?: string; site?: string; domains?: string[] };
  if (reason === 'unregistered_domain' && site && domains)
    return `If they are its own: evidverse rules site ${site} --domains ${domains.join(' ')}`;
  if (thrown.status === 401 && /^\w+ \/v1\/(?:worker|jobs)\b/.test(thrown.asked))
    return 'An administrator of the mesh can let this node in again, or make a registration token for another name.';
  if (thrown.status === 401) return 'Sign in: evidverse login';
  if (thrown.status === 0) return 'Is the server running, and is this its address? See --server.';
  return undefined;
}
