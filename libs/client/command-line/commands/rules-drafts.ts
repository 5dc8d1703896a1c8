import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '#libs/errors/app-error';
import type { Api } from '../../api/api.js';
import type { AnswerOf } from '../../api/typed-calls.js';
import type { CommandLine, CommonOptions } from '../command-line.js';
import { inColumns } from '../terminal.js';
import { problemLines, rulesIn } from './rules-files.js';

export type RuleDraft = AnswerOf<'/v1/rules/drafts', 'get'>[number];

/** `evidverse rules drafts`: what is proposed and not published yet. */
export const drafts = (group: Command, line: CommandLine) =>
  group
    .command('drafts')
    .description('what is proposed and not published yet, of whomever')
    .action(
      line.run(async (options: CommonOptions) => {
        const all = await openDrafts(await line.api(options));
        const rows = all.map(({ id, site, updated_at, report }) => [
          id,
          site,
          updated_at.slice(0, 10),
          stateOf(report),
        ]);
        return { data: all, text: rows.length > 0 ? inColumns(rows) : 'Nothing is proposed.' };
      }),
    );

/** `evidverse rules draft`: proposes rules, with their recorded pages. */
export const draft = (group: Command, line: CommandLine) =>
  group
    .command('draft')
    .description('propose the rules in files, with their recorded pages (contributors)')
    .argument('<files...>', 'rules (.json) or definitions (.yml)')
    .option('--change <draft>', 'put the rules in the place of what this draft says, instead of making one')
    .action(
      line.run(async ({ change, ...options }: CommonOptions & { change?: string }, files: string[]) => {
        if (change !== undefined && files.length > 1)
          throw new AppError('invalid', 'One file takes the place of a draft. Leave out the others.');
        const all = [];
        // What is wrong with any is told before the server hears of the first.
        for (const file of files) all.push((await rulesIn(resolve(options.directory, file))).proposed);
        const api = await line.api(options);
        const draft_id = change === undefined ? undefined : (await draftCalled(api, change)).id;
        const bar = line.terminal.bar('Proposing', 'percent');
        const made: RuleDraft[] = [];
        try {
          for (const [at, body] of all.entries()) {
            bar.to(at, all.length, files[at]);
            made.push(
              draft_id === undefined
                ? await api.post('/v1/rules/drafts', { body })
                : await api.put('/v1/rules/drafts/{draft_id}', { path: { draft_id }, body }),
            );
          }
        } finally {
          bar.end();
        }
        const text = made.flatMap(({ id, site, losses = [] }) => [
          `${id}  ${site}`,
          ...losses.map(({ path, message }) => `    not carried: ${path}: ${message}`),
        ]);
        return { data: made, text: [...text, `Next: evidverse rules validate ${made.map(({ id }) => id).join(' ')}`] };
      }),
    );

/** `evidverse rules validate`: the server tries drafts on their recorded pages. */
export const validate = (group: Command, line: CommandLine) =>
  group
    .command('validate')
    .description('have drafts tried on their recorded pages; only what passes can be published')
    .argument('<drafts...>', 'their ids, the beginnings of these, or sites with one draft')
    .action(
      line.run(async (options: CommonOptions, wanted: string[]) => {
        const api = await line.api(options);
        const bar = line.terminal.bar('Trying', 'percent');
        const tried: RuleDraft[] = [];
        try {
          for (const [at, { id, site }] of (await draftsCalled(api, wanted)).entries()) {
            bar.to(at, wanted.length, site);
            tried.push(await api.post('/v1/rules/drafts/{draft_id}/validate', { path: { draft_id: id } }));
          }
        } finally {
          bar.end();
        }
        const good = tried.filter(({ report }) => report?.ok);
        const text = tried.flatMap(({ id, site, report }) => [
          `${id}  ${site}  ${stateOf(report)}`,
          ...problemLines(report?.problems ?? []).map((problem) => `    ${problem}`),
        ]);
        if (good.length > 0)
          text.push(`Next: evidverse rules publish ${good.map(({ id }) => id).join(' ')} --canary 5%`);
        return { data: tried, text, exit: good.length === tried.length ? 0 : 1 };
      }),
    );

/** Every open draft that is meant, each by its id, the beginning of it, or its site where that has one. */
export async function draftsCalled(api: Api, wanted: readonly string[]): Promise<RuleDraft[]> {
  const all = await openDrafts(api);
  return wanted.map((one) => {
    const found = all.filter(({ id, site }) => id.startsWith(one) || site === one);
    if (found.length === 1) return found[0]!;
    throw new AppError(
      found.length === 0 ? 'not_found' : 'conflict',
      found.length === 0
        ? `There is no open draft ${one}. See: evidverse rules drafts`
        : `${found.length} drafts are meant by ${one}: ${found.map(({ id }) => id).join(', ')}. Say which.`,
    );
  });
}

export const draftCalled = async (api: Api, wanted: string): Promise<RuleDraft> =>
  (await draftsCalled(api, [wanted]))[0]!;

const MOST_AT_ONCE = 200;

async function openDrafts(api: Api): Promise<RuleDraft[]> {
  const all: RuleDraft[] = [];
  for (;;) {
    const page = await api.get('/v1/rules/drafts', { query: { skip: all.length, limit: MOST_AT_ONCE } });
    all.push(...page);
    if (page.length < MOST_AT_ONCE) return all;
  }
}

const stateOf = (report: RuleDraft['report']): string =>
  report === null ? 'not tried yet' : report.ok ? 'has passed' : 'has not passed';
