import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '#libs/errors/app-error';
import type { Api } from '../../api/api.js';
import type { AnswerOf } from '../../api/typed-calls.js';
import type { CommandLine, CommonOptions, Outcome } from '../command-line.js';
import { writeWhole } from '../files.js';
import { packageNumber } from '../numbers.js';
import { inColumns } from '../terminal.js';
import { changeLines } from './rules-change-lines.js';
import { rulesIn } from './rules-files.js';

export type RulePackage = AnswerOf<'/v1/rules', 'get'>[number];
interface OfVersion extends CommonOptions {
  ofVersion?: number;
}

/** `evidverse rules list`: the sites whose rules are in use. */
export const list = (group: Command, line: CommandLine) =>
  group
    .command('list', { isDefault: true })
    .description('the sites whose rules are in use, each with the version of its rules')
    .action(
      line.run(async (options: CommonOptions) => {
        const live = await livePackage(await line.api(options));
        const sites = Object.entries(live?.entries ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
        const data = {
          package: live?.version ?? null,
          sites: sites.map(([site, version]) => ({ site, version })),
        };
        if (live === undefined)
          return { data, text: 'There are no rules yet. Propose some: evidverse rules draft <file>' };
        const rows = sites.map(([site, version]) => [site, `version ${version}`]);
        return { data, text: [`Package ${live.version}, of ${live.published_at.slice(0, 10)}:`, ...inColumns(rows)] };
      }),
    );

/** `evidverse rules show`: the rules of one site, as they were published. */
export const show = (group: Command, line: CommandLine) =>
  group
    .command('show')
    .description('the rules of a site')
    .argument('<site>')
    .option('--of-version <number>', 'as this version of them was; those in use if not said', packageNumber)
    .action(
      line.run(async (options: OfVersion, site_id: string) => {
        const found = await siteRules(await line.api(options), site_id, options.ofVersion);
        const { version, versions, record } = found;
        line.terminal.note(`Version ${version} of the rules for ${site_id}; its versions: ${versions.join(', ')}.`);
        return { data: found, text: JSON.stringify(record, null, 2) };
      }),
    );

/** `evidverse rules pull`: published rules as files to work on. */
export const pull = (group: Command, line: CommandLine) =>
  group
    .command('pull')
    .description('write the rules of sites into files, one for each, to work on them')
    .argument('[sites...]', 'which; those of all sites if not said')
    .option('--out <folder>', 'write them there', '.')
    .option('--force', 'also over files that say something else')
    .action(
      line.run(async (options: CommonOptions & { out: string; force?: boolean }, sites: string[]) => {
        const api = await line.api(options);
        const wanted = sites.length > 0 ? sites : Object.keys((await livePackage(api))?.entries ?? {});
        const folder = resolve(options.directory, options.out);
        const bar = line.terminal.bar('Pulling', 'percent');
        const written: { site: string; version: number; file: string }[] = [];
        try {
          for (const [at, site] of wanted.entries()) {
            bar.to(at, wanted.length, site);
            const { version, record } = await siteRules(api, site);
            const file = join(folder, `${site}.json`);
            if (!options.force) await requireNothingElse(file, record);
            await writeWhole(file, `${JSON.stringify(record, null, 2)}\n`);
            written.push({ site, version, file });
          }
        } finally {
          bar.end();
        }
        const rows = written.map(({ site, version, file }) => [site, `version ${version}`, file]);
        return { data: { written }, text: rows.length > 0 ? inColumns(rows) : 'There are no rules yet.' };
      }),
    );

/** `evidverse rules diff`: from one package to another, or from what is in use to a file. */
export const diff = (group: Command, line: CommandLine) =>
  group
    .command('diff')
    .description('what changed from one package to another, or what a file would change of the rules in use')
    .argument('[from]', 'a package, or a file; the newest package and the one before it if not said')
    .argument('[to]', 'a package; the newest if not said', packageNumber)
    .action(
      line.run(async (options: CommonOptions, from?: string, to?: number): Promise<Outcome> => {
        const api = await line.api(options);
        if (from !== undefined && !/^\d+$/.test(from)) return fileAgainstUse(api, resolve(options.directory, from));
        const newest = to ?? (await api.get('/v1/rules', { query: { limit: 1 } }))[0]?.version ?? 0;
        const oldest = from === undefined ? Math.max(newest - 1, 0) : Number(from);
        const found = await api.get('/v1/rules/diff', { query: { from: oldest, to: newest } });
        const text = [...found.added.map((site) => `+ ${site}`), ...found.removed.map((site) => `- ${site}`)];
        for (const { site, from: old, to: young } of found.changed) {
          const [a, b] = await Promise.all([siteRules(api, site, old), siteRules(api, site, young)]);
          text.push(
            `~ ${site}, version ${old} → ${young}`,
            ...changeLines(a.record, b.record).map((one) => `    ${one}`),
          );
        }
        const heading = `From package ${oldest} to ${newest}:`;
        return {
          data: found,
          text: text.length > 0 ? [heading, ...text] : `Packages ${oldest} and ${newest} hold the same rules.`,
        };
      }),
    );

async function fileAgainstUse(api: Api, file: string): Promise<Outcome> {
  const { record } = await rulesIn(file);
  const used = await siteRules(api, record.site).catch((thrown: unknown) => {
    if (thrown instanceof AppError && thrown.code === 'not_found') return undefined;
    throw thrown;
  });
  if (used === undefined)
    return {
      data: { site: record.site, version: null, changes: null },
      text: `There are no rules for ${record.site} yet; these would be the first.`,
    };
  const changes = changeLines(used.record, record);
  const said = `version ${used.version} of the rules for ${record.site}`;
  return {
    data: { site: record.site, version: used.version, changes },
    text: changes.length > 0 ? [`From ${said} to this file:`, ...changes] : `This file says the same as ${said}.`,
  };
}

async function requireNothingElse(file: string, published: unknown): Promise<void> {
  const here = await rulesIn(file).catch((thrown: unknown) => {
    if (thrown instanceof AppError && thrown.code === 'not_found') return undefined;
    if (thrown instanceof AppError && thrown.code === 'invalid') return { record: null };
    throw thrown;
  });
  if (here === undefined || (here.record !== null && changeLines(published, here.record).length === 0)) return;
  throw new AppError(
    'conflict',
    `${file} says something else already. See: evidverse rules diff ${file}. To have it written over: --force`,
  );
}

const siteRules = (api: Api, site_id: string, version?: number) =>
  api.get('/v1/rules/sites/{site_id}', { path: { site_id }, query: { version } });

/** The package that everybody has who is in no trial. */
async function livePackage(api: Api): Promise<RulePackage | undefined> {
  for (let skip = 0; ; skip += 100) {
    const page = await api.get('/v1/rules', { query: { skip, limit: 100 } });
    const live = page.find(({ state }) => state === 'live');
    if (live !== undefined || page.length < 100) return live;
  }
}
