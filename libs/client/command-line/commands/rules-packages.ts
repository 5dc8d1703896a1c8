import { InvalidArgumentError, type Command } from 'commander';
import type { CommandLine, CommonOptions, Outcome } from '../command-line.js';
import { packageNumber } from '../numbers.js';
import { inColumns } from '../terminal.js';
import { draftCalled, draftsCalled } from './rules-drafts.js';
import type { RulePackage } from './rules-published.js';

interface PublishOptions extends CommonOptions {
  remove: string[];
  canary: number;
  message?: string;
}

/** `evidverse rules packages`: what was published, newest first. */
export const packages = (group: Command, line: CommandLine) =>
  group
    .command('packages')
    .description('what was published, newest first: live, on trial, withdrawn, or live before')
    .action(
      line.run(async (options: CommonOptions) => {
        const all = await (await line.api(options)).get('/v1/rules', { query: { limit: 100 } });
        const live = all.find(({ state }) => state === 'live');
        const rows = all.map((one) => [
          String(one.version),
          one !== live && one.state === 'live' ? 'was live' : stateOf(one),
          one.published_at.slice(0, 10),
          counted(Object.keys(one.entries).length),
          one.signatures.length > 0 ? '' : 'not signed',
          one.note ?? '',
        ]);
        return { data: all, text: rows.length > 0 ? inColumns(rows) : 'Nothing was published yet.' };
      }),
    );

/** `evidverse rules publish`: drafts that have passed become the next package. */
export const publish = (group: Command, line: CommandLine) =>
  group
    .command('publish')
    .description('make the next package of what is in use and drafts that have passed (publishers)')
    .argument('[drafts...]', 'their ids, the beginnings of these, or sites with one draft')
    .option('--remove <sites...>', 'sites whose rules go', [])
    .option('--canary <share>', 'first for this share of clients: 5%, or 0.05', share, 1)
    .option('-m, --message <text>', 'what is new, for others')
    .action(
      line.run(async ({ remove, canary, message, ...options }: PublishOptions, wanted: string[]) => {
        const api = await line.api(options);
        const meant = wanted.length > 0 ? await draftsCalled(api, wanted) : [];
        const made = await api.post('/v1/rules/publish', {
          body: { drafts: meant.map(({ id }) => id), remove, canary_share: canary, note: message },
        });
        return told(made);
      }),
    );

/** `evidverse rules promote`: a trial becomes what everybody has. */
export const promote = (group: Command, line: CommandLine) =>
  group
    .command('promote')
    .description('give a package that is on trial to everybody (publishers)')
    .argument('<version>', 'of the package', packageNumber)
    .action(
      line.run(async (options: CommonOptions, version: number) => {
        const api = await line.api(options);
        return told(await api.post('/v1/rules/{version}/promote', { path: { version } }));
      }),
    );

/** `evidverse rules withdraw`: a trial ends, or a draft is taken back. */
export const withdraw = (group: Command, line: CommandLine) =>
  group
    .command('withdraw')
    .description('end the trial of a package (publishers), or take back a draft')
    .argument('<what>', 'the number of a package, or a draft')
    .action(
      line.run(async (options: CommonOptions, what: string) => {
        const api = await line.api(options);
        // Ids of drafts are longer than any number of a package.
        if (/^\d{1,7}$/.test(what))
          return told(await api.post('/v1/rules/{version}/withdraw', { path: { version: Number(what) } }));
        const { id } = await draftCalled(api, what);
        const gone = await api.delete('/v1/rules/drafts/{draft_id}', { path: { draft_id: id } });
        return { data: gone, text: `The draft ${id} for ${gone.site} is withdrawn.` };
      }),
    );

/** `evidverse rules rollback`: what an older package held, for everybody at once. */
export const rollback = (group: Command, line: CommandLine) =>
  group
    .command('rollback')
    .description(
      'publish what an older package held, under a new and higher number, for everybody at once (publishers)',
    )
    .argument('<version>', 'the package whose rules are wanted back', packageNumber)
    .option('--sites <sites...>', 'only the rules of these')
    .option('-m, --message <text>', 'why')
    .action(
      line.run(
        async ({ sites, message, ...options }: CommonOptions & { sites?: string[]; message?: string }, to: number) => {
          const api = await line.api(options);
          return told(await api.post('/v1/rules/rollback', { body: { to, sites, note: message } }));
        },
      ),
    );

/** A package after something was done with it, and what to do next. */
export function told(made: RulePackage): Outcome {
  const { version, state, canary_share, signatures, entries } = made;
  const sites = counted(Object.keys(entries).length);
  const text = [
    state === 'canary'
      ? `Package ${version}, with the rules of ${sites}, is on trial with ${percent(canary_share)} of clients. Next: evidverse rules promote ${version}, or rules withdraw ${version}`
      : state === 'withdrawn'
        ? `Package ${version} is withdrawn; everybody has the one before.`
        : `Package ${version}, with the rules of ${sites}, is live.`,
  ];
  if (signatures.length === 0 && state !== 'withdrawn')
    text.push(
      `It is not signed yet, and no snapshot carries it until then. Next: evidverse rules statement ${version} <file>`,
    );
  return { data: made, text };
}

const counted = (sites: number): string => `${sites} site${sites === 1 ? '' : 's'}`;

const percent = (part: number): string => `${Number((100 * part).toFixed(2))} %`;

/** Reads a share of all: `5%` or `0.05`. */
function share(text: string): number {
  const [, number, sign] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? [];
  const part = Number(number) / (sign === '%' ? 100 : 1);
  if (!(part > 0 && part <= 1)) throw new InvalidArgumentError('It must be a share of all, as 5% or 0.05.');
  return part;
}

const stateOf = ({ state, canary_share }: RulePackage): string =>
  state === 'canary' ? `on trial with ${percent(canary_share)}` : state;
