/** How the values of a cursor are ordered: not at all, as whole numbers, or as moments. */
export const ORDERINGS = ['opaque', 'integer', 'time'] as const;
export type Ordering = (typeof ORDERINGS)[number];

/** Why a value cannot stand in a cursor of this order; undefined when it can. */
export function complaintAbout(value: string, ordering: Ordering): string | undefined {
  if (ordering === 'integer' && !/^-?\d{1,18}$/.test(value)) return 'a whole number of at most 18 digits is expected';
  if (ordering === 'time' && !isMoment(value)) return 'a moment as 2026-11-22T04:00:00Z is expected';
  return undefined;
}

const isMoment = (value: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));
