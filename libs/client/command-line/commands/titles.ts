import { parseReleaseName } from '#libs/release-name/parse-release-name';
import type { AnswerOf } from '../../api/typed-calls.js';
import type { AddCommand, CommonOptions } from '../command-line.js';
import { inColumns } from '../terminal.js';

type Alias = Extract<AnswerOf<'/v1/alias/resolve', 'get'>, { release_key: string }>;

/** `evidverse resolve`: which work a title means. */
export const resolve: AddCommand = (program, line) =>
  void program
    .command('resolve')
    .description('which work a title means')
    .argument('<titles...>')
    .action(
      line.run(async (options: CommonOptions, titles: string[]) => {
        const api = await line.api(options);
        const { results } = await api.post('/v1/resolve', { body: { titles } });
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
    .action(
      line.run(async (options: CommonOptions, words: string[]) => {
        const found = await (await line.api(options)).get('/v1/alias/search', { query: { q: words.join(' ') } });
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
    .action(
      line.run(async (options: CommonOptions, release_key: string) => {
        const entry = await (await line.api(options)).get('/v1/index/{release_key}', { path: { release_key } });
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
