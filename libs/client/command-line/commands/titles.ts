import { parseReleaseName } from '#libs/release-name/parse-release-name';
import type { AliasAnswer, IndexEntry } from '../../answers.js';
import { Offline } from '../../offline/offline.js';
import type { AddCommand, CommandLine, CommonOptions } from '../command-line.js';
import { heldSnapshot } from '../held-snapshot.js';
import { inColumns } from '../terminal.js';
import { ageInWords } from './age-in-words.js';

type Alias = Extract<AliasAnswer, { release_key: string }>;

interface Options extends CommonOptions {
  offline?: boolean;
  from?: string;
}

const OFFLINE = [
  '--offline',
  'answer from the snapshot kept here (evidverse snapshot sync), without a network',
] as const;
const FROM = ['--from <url>', 'whose snapshot answers offline (default: the server’s /snap)'] as const;

/** What is kept here answers; how old it is, is noted beside. */
async function offlineOf(line: CommandLine, options: Options): Promise<Offline> {
  const { snapshots } = await heldSnapshot(options, line);
  const age = await snapshots.age();
  if (age && !options.json) line.terminal.note(`From snapshot ${age.seq}, ${ageInWords(age.age_ms)} old.`);
  return new Offline(snapshots);
}

/** `evidverse resolve`: which work a title means. */
export const resolve: AddCommand = (program, line) =>
  void program
    .command('resolve')
    .description('which work a title means')
    .argument('<titles...>')
    .option(...OFFLINE)
    .option(...FROM)
    .action(
      line.run(async (options: Options, titles: string[]) => {
        const results = options.offline
          ? await resolvedHere(line, options, titles)
          : await resolvedThere(line, options, titles);
        const found = results.map((one) => ('release_key' in one ? (one as Alias) : null));
        return {
          data: titles.map((title, at) => ({ title, work: found[at] })),
          text: inColumns(titles.map((title, at) => [title, '→', told(found[at]!)])),
          exit: found.some((one) => one === null) ? 1 : 0,
        };
      }),
    );

/** `evidverse search`: works whose names are like the words. */
export const search: AddCommand = (program, line) =>
  void program
    .command('search')
    .description('works whose names are like these words')
    .argument('<words...>')
    .option(...OFFLINE)
    .option(...FROM)
    .action(
      line.run(async (options: Options, words: string[]) => {
        const q = words.join(' ');
        const found = options.offline
          ? (await (await offlineOf(line, options)).search(q)).answer
          : await (await line.api(options)).get('/v1/alias/search', { query: { q } });
        const rows = found.results.map((one) => [one.release_key, String(one.year ?? ''), one.type, one.title]);
        return {
          data: found.results,
          text: rows.length > 0 ? inColumns(rows) : 'Nothing is like that.',
          exit: rows.length > 0 ? 0 : 1,
        };
      }),
    );

/** `evidverse sites`: the sites that have a work. */
export const sites: AddCommand = (program, line) =>
  void program
    .command('sites')
    .description('the sites that have a work')
    .argument('<release-key>')
    .option(...OFFLINE)
    .option(...FROM)
    .action(
      line.run(async (options: Options, release_key: string) => {
        const entry: IndexEntry = options.offline
          ? (await (await offlineOf(line, options)).sites(release_key)).answer
          : await (await line.api(options)).get('/v1/index/{release_key}', { path: { release_key } });
        const rows = entry.sites.map(({ site, score, last_seen }) => [
          site,
          String(score),
          String(last_seen ?? '').slice(0, 10),
        ]);
        return {
          data: entry,
          text: rows.length > 0 ? inColumns(rows) : 'No site is known to have it.',
          exit: rows.length > 0 ? 0 : 1,
        };
      }),
    );

/** `evidverse recommend`: sites to look for a work on, and works near to it. */
export const recommend: AddCommand = (program, line) =>
  void program
    .command('recommend')
    .description('sites to look for a work on, and works near to it, each with the reason')
    .argument('<release-key>')
    .option(...OFFLINE)
    .option(...FROM)
    .action(
      line.run(async (options: Options, release_key: string) => {
        const found = options.offline
          ? await recommendedHere(line, options, release_key)
          : await recommendedThere(line, options, release_key);
        const rows = [
          ...found.sites.map(({ site, reason }) => [site, reason]),
          ...found.works.map((work) => [work.release_key, `${work.title}: ${work.reason}`]),
        ];
        return {
          data: found,
          text: rows.length > 0 ? inColumns(rows) : 'Nothing can be recommended.',
          exit: rows.length > 0 ? 0 : 1,
        };
      }),
    );

/** `evidverse parse`: what a release name says, read here, without a server. */
export const parse: AddCommand = (program, line) =>
  void program
    .command('parse')
    .description('what a release name says; needs no server')
    .argument('<names...>')
    .action(
      line.run(async (_options: CommonOptions, names: string[]) => {
        const read = names.map((name) => ({ name, fields: parseReleaseName(name) }));
        return Promise.resolve({
          data: read,
          text: read.flatMap(({ name, fields }) => [name, ...inColumns(rowsOf(fields as object))]),
        });
      }),
    );

async function resolvedHere(line: CommandLine, options: Options, titles: readonly string[]): Promise<AliasAnswer[]> {
  const offline = await offlineOf(line, options);
  return Promise.all(titles.map(async (title) => (await offline.resolve(title)).answer));
}

async function recommendedHere(line: CommandLine, options: Options, release_key: string) {
  const offline = await offlineOf(line, options);
  const { answer: sites } = await offline.recommendSites(release_key);
  return { sites, works: (await offline.similar(release_key)).answer };
}

async function recommendedThere(line: CommandLine, options: Options, release_key: string) {
  const api = await line.api(options);
  const [sites, works] = await Promise.all([
    api.get('/v1/recommend/sites', { query: { release_key } }),
    api.get('/v1/recommend/similar/{release_key}', { path: { release_key } }),
  ]);
  return { sites: sites.sites, works: works.items };
}

async function resolvedThere(line: CommandLine, options: Options, titles: string[]): Promise<AliasAnswer[]> {
  return (await (await line.api(options)).post('/v1/resolve', { body: { titles } })).results;
}

const told = (work: Alias | null): string =>
  work === null
    ? 'nothing known'
    : `${work.release_key}  ${work.title}${work.year === undefined ? '' : ` (${work.year})`}`;

function rowsOf(fields: object): string[][] {
  return Object.entries(fields).flatMap(([name, field]: [string, unknown]) =>
    [field].flat().flatMap((one) => (isField(one) ? [[`  ${name}`, JSON.stringify(one.value)]] : [])),
  );
}

const isField = (one: unknown): one is { value: unknown } => typeof one === 'object' && one !== null && 'value' in one;
