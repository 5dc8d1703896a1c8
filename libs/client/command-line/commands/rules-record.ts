import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '#libs/errors/app-error';
import type { GivenPage, Row } from '#libs/site-rules/read-page';
import type { Fixture, RuleRecord } from '#libs/site-rules/rule-record';
import type { CommandLine, CommonOptions } from '../command-line.js';
import { readIfThere, writeWhole } from '../files.js';
import { oneOf } from '../one-of.js';
import { pageText } from './page-text.js';
import { pagesOf, rulesIn } from './rules-files.js';

type Page = Fixture['page'];
const PAGES = ['list', 'detail', 'user'] as const satisfies readonly Page[];
interface Options extends CommonOptions {
  page: Page;
  name?: string;
  saved?: string;
  force?: boolean;
}

const LARGEST_PAGE = 2_000_000;
const PATIENCE_MS = 30_000;

/** `evidverse rules record`: a page of the site, kept beside its rules with what these read on it. */
export const record = (group: Command, line: CommandLine) =>
  group
    .command('record')
    .description('keep a page of the site beside its rules, with what they read on it now: look whether that is right')
    .argument('<file>', 'the rules (.json) or the definition (.yml)')
    .argument('<url>', 'where the page is; it is asked once, without any sign-in')
    .option('--page <kind>', PAGES.join(', '), oneOf(PAGES), 'list')
    .option('--name <name>', 'what to call it; the kind of page if not said')
    .option('--saved <page>', 'a page that you saved (behind a sign-in, say), instead of asking the site')
    .option('--force', 'take the place of a page of that name')
    .action(
      line.run(async (options: Options, given: string, url: string) => {
        if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
          throw new AppError(
            'invalid',
            `${url} is not the address of a page. It looks like https://site.example/browse`,
          );
        const file = resolve(options.directory, given);
        const { record: rules } = await rulesIn(file);
        const name = options.name ?? options.page;
        if (!/^[\w-][\w.-]{0,90}$/.test(name))
          throw new AppError('invalid', `${name} is no name of a page: it has letters, digits, dots and hyphens.`);
        const place = join(pagesOf(file), name);
        if (!options.force && (await readIfThere(`${place}.json`)) !== undefined)
          throw new AppError('conflict', `There is a page ${name} already. Give this one another --name, or --force.`);
        const answer =
          options.saved === undefined
            ? await asked(url, line.version)
            : await saved(resolve(options.directory, options.saved));
        const html = pageText(answer.bytes, answer.type, rules.search?.encoding);
        const at = line.clock.now();
        const rows = await rowsOf(rules, { page: options.page, url, html, now: at }, line);
        const { ownKeyIn } = await import('#libs/site-rules/secret-shapes');
        const secret = ownKeyIn(html);
        const said = { page: options.page, url, at: at.toISOString(), expect: rows };
        await writeWhole(`${place}.html`, html);
        await writeWhole(`${place}.json`, `${JSON.stringify(said, null, 2)}\n`);
        if (secret !== undefined)
          line.terminal.note(
            `${secret} of yours stands in ${place}.html: put another word in its place, there and in ${name}.json.`,
          );
        return {
          data: { file: `${place}.json`, rows },
          text: [
            ...rows.slice(0, 3).map((row) => JSON.stringify(row)),
            `${rows.length} ${rows.length === 1 ? 'row' : 'rows'} read. What is wrong in ${place}.json, put right by hand; then: evidverse rules check ${given}`,
          ],
          exit: rows.length > 0 ? 0 : 1,
        };
      }),
    );

/** What rules read on a page; a page that they cannot read is kept as well, and it is told why. */
async function rowsOf(rules: RuleRecord, page: GivenPage, line: CommandLine): Promise<Row[]> {
  const { readPage } = await import('#libs/site-rules/read-page');
  try {
    return readPage(rules, page).rows;
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    line.terminal.note(thrown.message);
    return [];
  }
}

interface Answer {
  bytes: Uint8Array;
  type: string | null;
}

async function asked(url: string, version: string): Promise<Answer> {
  try {
    const response = await fetch(url, {
      headers: { 'user-agent': `evidverse-cli/${version}` },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok)
      throw new AppError(
        'unavailable',
        `${url} answers ${response.status}. Save the page with a browser, and give it with --saved.`,
      );
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of response.body ?? []) {
      size += part.length;
      requireRoom(size, url);
      parts.push(part);
    }
    return { bytes: Buffer.concat(parts), type: response.headers.get('content-type') };
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    const { message, cause } = thrown as Error;
    throw new AppError('unavailable', `${url} cannot be had: ${cause instanceof Error ? cause.message : message}`);
  }
}

async function saved(file: string): Promise<Answer> {
  const bytes = await readFile(file).catch((thrown: Error) => {
    throw new AppError('not_found', `${file} cannot be read: ${thrown.message}`);
  });
  requireRoom(bytes.length, file);
  return { bytes, type: null };
}

function requireRoom(size: number, page: string): void {
  if (size > LARGEST_PAGE)
    throw new AppError('invalid', `${page} is larger than ${LARGEST_PAGE} bytes, which no recorded page may be.`);
}
