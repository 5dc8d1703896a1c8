import { AppError } from '#libs/errors/app-error';
import { readPage } from './read-page.js';
import type { Fixture, RuleRecord } from './rule-record.js';

export interface Problem {
  fixture: string;
  message: string;
}

export interface FixtureReport {
  ok: boolean;
  problems: Problem[];
  /** The kinds of pages that were read and were right. */
  pages: string[];
}

const MOST_PROBLEMS = 100;

/** Reads recorded pages and compares: as many rows as expected, and every expected field equal. */
export function checkFixtures(record: RuleRecord, fixtures: readonly Fixture[]): FixtureReport {
  const problems: Problem[] = [];
  const pages = new Set<string>();
  for (const fixture of fixtures) {
    const found = problemsOf(record, fixture);
    if (found.length === 0) pages.add(fixture.page);
    problems.push(...found.map((message) => ({ fixture: fixture.name, message })));
  }
  for (const page of Object.keys(record.parse ?? {}))
    if (!fixtures.some((fixture) => fixture.page === page && showsSomething(fixture)))
      problems.push({ fixture: '', message: `parse.${page}: no recorded page shows that it works` });
  if (asks(record) && !record.parse?.list)
    problems.push({ fixture: '', message: 'search: nothing reads what it answers; say it in parse.list' });
  return { ok: problems.length === 0, problems: problems.slice(0, MOST_PROBLEMS), pages: [...pages].sort() };
}

/** A page of which nothing is expected is right by any rules. */
const showsSomething = ({ expect }: Fixture): boolean =>
  expect.some((row) => Object.values(row).some((value) => value !== null));

const asks = ({ search, login, download }: RuleRecord): boolean =>
  [search, login, download].some((part) => part !== undefined);

function problemsOf(record: RuleRecord, { page, url, html, at, expect }: Fixture): string[] {
  try {
    const { rows } = readPage(record, { page, url, html, now: new Date(at) });
    if (rows.length !== expect.length) return [`${expect.length} rows expected, ${rows.length} read`];
    return expect.flatMap((wanted, row) =>
      Object.entries(wanted).flatMap(([field, value]) => {
        const read = rows[row]![field] ?? null;
        return read === value
          ? []
          : [`row ${row + 1}, ${field}: ${JSON.stringify(value)} expected, ${JSON.stringify(read)} read`];
      }),
    );
  } catch (error) {
    if (error instanceof AppError) return [error.message];
    throw error;
  }
}
