import type { RuleRecord } from './rule-record.js';

/** What a category of a site is called everywhere, all of its names with commas between; null when the rules do not say. */
export function categoryOf(record: Pick<RuleRecord, 'categories' | 'category_map'>, text: string, by: 'id' | 'label'): string | null {
  const named = (record.category_map ?? []).filter((one) => one[by]?.toLowerCase() === text.toLowerCase());
  if (named.length > 0) return [...new Set(named.map(({ to }) => to))].join(',');
  return (by === 'id' && Object.hasOwn(record.categories ?? {}, text) ? record.categories![text] : undefined) ?? null;
} // prettier-ignore

/** The ids that a site has for categories as they are called everywhere; without any, those asked by default. */
export function siteCategories(record: Pick<RuleRecord, 'category_map'>, wanted: readonly string[]): string[] {
  const all = record.category_map ?? [];
  const fits = ({ to }: { to: string }) => wanted.some((name) => to === name || to.startsWith(`${name}/`));
  const chosen = all.filter(fits);
  return [...new Set((chosen.length > 0 ? chosen : all.filter((one) => one.asked_by_default)).map(({ id }) => id))];
}
