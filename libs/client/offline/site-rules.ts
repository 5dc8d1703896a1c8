import { AppError } from '#libs/errors/app-error';
import type { RuleRecord } from '#libs/site-rules/rule-record';
import type { PageRead, RulesPackage, SitePage, SiteQuestion, SiteRequest } from '../answers.js';

/** Sites asked and read by a package of rules. What this takes, an HTML parser among it, is loaded when somebody needs it. */

export async function requestsFor(
  rules: RulesPackage,
  site: string,
  question: SiteQuestion,
  now: Date,
): Promise<SiteRequest[]> {
  const record = await recordOf(rules, site);
  const { searchRequests } = await import('#libs/site-rules/search-requests');
  return searchRequests(record, question, now);
}

export async function readPage(rules: RulesPackage, site: string, page: SitePage, now: Date): Promise<PageRead> {
  const record = await recordOf(rules, site);
  const { readPage: read } = await import('#libs/site-rules/read-page');
  return { rows: read(record, { ...page, now }).rows };
}

/** The rules of one site, as this program knows rules. */
async function recordOf(rules: RulesPackage, site: string): Promise<RuleRecord> {
  const found = rules.rules.find((one) => one.site === site);
  if (!found) throw new AppError('not_found', `There are no rules for ${site}.`);
  const { RuleRecord } = await import('#libs/site-rules/rule-record');
  const { version: _version, checksum: _checksum, ...given } = found;
  const known = RuleRecord.safeParse(given);
  if (known.success) return known.data;
  throw new AppError('invalid', `The rules of ${site} are for a newer program than this one.`, known.error.issues);
}
