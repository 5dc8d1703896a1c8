import type { z } from 'zod';
import { AppError } from '#libs/errors/app-error';
import { Fixture, RuleRecord } from '#libs/site-rules/rule-record';

/** A draft as somebody sent it. */
export interface GivenDraft {
  readonly record: unknown;
  readonly fixtures: readonly unknown[];
}

export interface CheckedDraft {
  record: RuleRecord;
  fixtures: Fixture[];
}

/** How many characters and values rules may have; the largest that are known have half as many. */
const LARGEST_RECORD = 500_000;
/** The same for what recorded pages say beside what the site answered. */
const LARGEST_EXPECTATIONS = 1_000_000;

/** The record and its pages as the schema has them, or a refusal that names the field and the reason. */
export function checkedDraft({ record, fixtures }: GivenDraft): CheckedDraft {
  if (sizeOf(record, LARGEST_RECORD) > LARGEST_RECORD)
    throw new AppError('invalid', `record: rules may have ${LARGEST_RECORD} characters and values.`);
  const said = fixtures.map((fixture) => ({ ...(fixture as object), html: null }));
  if (sizeOf(said, LARGEST_EXPECTATIONS) > LARGEST_EXPECTATIONS)
    throw new AppError('invalid', `fixtures: what is expected may have ${LARGEST_EXPECTATIONS} characters and values.`);
  const good = RuleRecord.safeParse(record);
  if (!good.success) throw refusal('record', good.error.issues);
  const pages = fixtures.map((fixture, at) => {
    const page = Fixture.safeParse(fixture);
    if (!page.success) throw refusal(`fixtures.${at}`, page.error.issues);
    return page.data;
  });
  return { record: good.data, fixtures: pages };
}

/** Values and characters of what JSON can say, counted until there are too many. */
function sizeOf(given: unknown, most: number): number {
  const open: unknown[] = [given];
  let size = 0;
  while (open.length > 0 && size <= most) {
    const value = open.pop();
    size += 1 + (typeof value === 'string' ? value.length : 0);
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, one] of Object.entries(value)) {
      size += Array.isArray(value) ? 0 : key.length;
      open.push(one);
    }
  }
  return size;
}

function refusal(where: string, issues: readonly z.core.$ZodIssue[]): AppError {
  const { path, message } = issues[0]!;
  return new AppError('invalid', `${[where, ...path].join('.')}: ${message}`, {
    fields: issues.slice(0, 50).map((issue) => ({ field: [where, ...issue.path].join('.'), reason: issue.message })),
  });
}
