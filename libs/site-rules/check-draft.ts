import type { z } from 'zod';
import { AppError } from '#libs/errors/app-error';
import { convertDefinition } from './cardigann/convert-definition.js';
import type { Loss } from './cardigann/losses.js';
import { Fixture, RuleRecord } from './rule-record.js';
import { unusableParts } from './unusable-parts.js';

/** A draft as somebody sent it: rules, or a definition of which they are made. */
export interface GivenDraft {
  readonly record?: unknown;
  readonly definition?: string;
  readonly fixtures: readonly unknown[];
}

export interface CheckedDraft {
  record: RuleRecord;
  fixtures: Fixture[];
  /** What of a definition could not be carried. */
  losses?: Loss[];
}

/** How many characters and values rules may have; the largest that are known have half as many. */
const LARGEST_RECORD = 500_000;
/** The same for what recorded pages say beside what the site answered. */
const LARGEST_EXPECTATIONS = 1_000_000;

/** The record and its pages as the schema has them, or a refusal that names the field and the reason. */
export function checkedDraft({ record, definition, fixtures }: GivenDraft): CheckedDraft {
  if ((record === undefined) === (definition === undefined))
    throw new AppError('invalid', 'record: rules are needed, or a definition of which they are made; one of the two.');
  if (definition === undefined) return checkedRules(record, fixtures);
  const { record: made, losses } = convertDefinition(definition);
  if (!made) throw lostAll(losses);
  return { ...checkedRules(made, fixtures), losses };
}

function checkedRules(record: unknown, fixtures: readonly unknown[]): CheckedDraft {
  if (sizeOf(record, LARGEST_RECORD) > LARGEST_RECORD)
    throw new AppError('invalid', `record: rules may have ${LARGEST_RECORD} characters and values.`);
  const said = fixtures.map((fixture) => ({ ...(fixture as object), html: null }));
  if (sizeOf(said, LARGEST_EXPECTATIONS) > LARGEST_EXPECTATIONS)
    throw new AppError('invalid', `fixtures: what is expected may have ${LARGEST_EXPECTATIONS} characters and values.`);
  const good = RuleRecord.safeParse(record);
  if (!good.success) throw refusal('record', good.error.issues);
  const unusable = unusableParts(good.data);
  if (unusable.length > 0) throw refusal('record', unusable);
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

function lostAll(losses: readonly Loss[]): AppError {
  const fields = losses.map(({ path, message }) => ({ field: `definition.${path}`, reason: message }));
  return new AppError('invalid', `definition: no rules can be made of it: ${losses[0]?.message ?? 'it says nothing'}`, {
    fields: fields.slice(0, 50),
  });
}

function refusal(where: string, issues: readonly Pick<z.core.$ZodIssue, 'path' | 'message'>[]): AppError {
  const { path, message } = issues[0]!;
  return new AppError('invalid', `${[where, ...path].join('.')}: ${message}`, {
    fields: issues.slice(0, 50).map((issue) => ({ field: [where, ...issue.path].join('.'), reason: issue.message })),
  });
}
