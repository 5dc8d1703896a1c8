import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '#libs/errors/app-error';
import type { CheckedDraft } from '#libs/site-rules/check-draft';
import type { FixtureReport } from '#libs/site-rules/check-fixtures';
import type { Fixture } from '#libs/site-rules/rule-record';
import type { CommandLine, CommonOptions } from '../command-line.js';
import { inColumns } from '../terminal.js';

/** Rules as a keeper has them: `site.json`, or a definition `site.yml`, and beside it `site.pages` with the recorded pages. */
export interface RulesOnDisk extends CheckedDraft {
  /** As the server takes them. */
  readonly proposed: { record?: Record<string, unknown>; definition?: string; fixtures: Record<string, unknown>[] };
}

/** The rules in a file with their recorded pages; what is wrong with them is `invalid`, with every field and the reason. */
export async function rulesIn(file: string): Promise<RulesOnDisk> {
  const text = await readFile(file, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    throw new AppError('not_found', `${file} cannot be read: ${thrown.message}`);
  });
  const fixtures = await recordedPages(pagesOf(file));
  const rules = /\.ya?ml$/i.test(file) ? { definition: text } : { record: jsonOf(file, text) };
  // A reader of YAML and one of pages, which nobody else needs to load.
  const { checkedDraft } = await import('#libs/site-rules/check-draft');
  return { ...checkedDraft({ ...rules, fixtures }), proposed: { ...rules, fixtures } };
}

/** Where the recorded pages of rules are: `site.pages` beside `site.json`. */
export const pagesOf = (file: string): string => file.slice(0, file.length - extname(file).length) + '.pages';

/** `evidverse rules check`: what the server would say of a draft, without one. */
export const check = (group: Command, line: CommandLine) =>
  group
    .command('check')
    .description('try rules on their recorded pages; needs no server')
    .argument('<files...>', 'rules (.json) or definitions (.yml); the pages are in a folder beside, site.pages')
    .action(
      line.run(async ({ directory }: CommonOptions, files: string[]) => {
        const { checkFixtures } = await import('#libs/site-rules/check-fixtures');
        const bar = line.terminal.bar('Checking', 'percent');
        const results: { file: string; ok: boolean; pages: string[]; problems: string[] }[] = [];
        try {
          for (const [at, file] of files.entries()) {
            bar.to(at, files.length, file);
            results.push({ file, ...(await checkedFile(resolve(directory, file), checkFixtures)) });
          }
        } finally {
          bar.end();
        }
        const good = results.filter(({ ok }) => ok).length;
        const text = results.flatMap(({ file, ok, pages, problems }) => [
          ok ? `${file}: right on its recorded pages (${pages.join(', ') || 'none needed'})` : `${file}:`,
          ...problems.map((problem) => `    ${problem}`),
        ]);
        return {
          data: { checked: results.length, good, results },
          text: [...text, `${good} of ${results.length} can be proposed. ${nextOf(results)}`.trim()],
          exit: good === results.length ? 0 : 1,
        };
      }),
    );

const nextOf = (results: readonly { ok: boolean; problems: readonly string[] }[]): string => {
  if (results.some(({ ok }) => ok)) return 'Next: evidverse rules draft <file>';
  const lacksPages = results.some(({ problems }) => problems.some((one) => one.includes('no recorded page')));
  return lacksPages ? 'Record a page: evidverse rules record <file> <url>' : '';
};

async function checkedFile(file: string, tried: (...given: [CheckedDraft['record'], Fixture[]]) => FixtureReport) {
  try {
    const { record, fixtures, losses = [] } = await rulesIn(file);
    const { ok, pages, problems } = tried(record, fixtures);
    const lost = losses.map(({ path, message }) => `not carried: ${path}: ${message}`);
    return { ok, pages, problems: [...problemLines(problems), ...lost] };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return { ok: false, pages: [], problems: refusalLines(thrown) };
  }
}

/** What is wrong with rules on their pages, as lines for people. */
export const problemLines = (problems: FixtureReport['problems']): string[] =>
  problems.map(({ fixture, message }) => (fixture === '' ? message : `${fixture}: ${message}`));

/** Every field that was refused, with the reason. */
function refusalLines({ message, details }: AppError): string[] {
  const fields = (details as { fields?: { field: string; reason: string }[] } | undefined)?.fields ?? [];
  return fields.length > 0 ? inColumns(fields.map(({ field, reason }) => [field, reason])) : [message];
}

/** Every page in a folder: `name.json` says what it is and what must be read from it, `name.html` is what the site answered. */
async function recordedPages(folder: string): Promise<Record<string, unknown>[]> {
  const names = await readdir(folder).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return [];
    throw new AppError('unavailable', `${folder} cannot be read: ${thrown.message}`);
  });
  const pages = names.filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    pages.map(async (name) => {
      const said = jsonOf(join(folder, name), await readFile(join(folder, name), 'utf8'));
      const page = join(folder, `${basename(name, '.json')}.html`);
      const html = await readFile(page, 'utf8').catch((thrown: Error) => {
        throw new AppError('invalid', `${name} has no page: ${page} cannot be read: ${thrown.message}`);
      });
      return { name: basename(name, '.json'), ...said, html };
    }),
  );
}

function jsonOf(file: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (thrown) {
    throw new AppError('invalid', `${file} is not JSON: ${(thrown as Error).message}`);
  }
  throw new AppError('invalid', `${file} does not say rules: it must be an object of JSON.`);
}
