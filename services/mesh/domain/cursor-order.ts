/** How the values of a cursor are ordered: not at all, as whole numbers, or as moments. */
export const ORDERINGS = ['opaque', 'integer', 'time'] as const;
export type Ordering = (typeof ORDERINGS)[number];

/** Why a value cannot stand in a cursor of this order; undefined when it can. */
export function complaintAbout(value: string, ordering: Ordering): string | undefined {
  if (ordering === 'integer' && !new RegExp(WHOLE).test(value))
    return 'a whole number of at most 18 digits is expected';
  if (ordering === 'time' && !new RegExp(MOMENT).test(value)) return 'a moment as 2026-11-22T04:00:00Z is expected';
  return undefined;
}

/** What a whole number looks like, read alike by JavaScript and by PostgreSQL. */
export const WHOLE = '^-?[0-9]{1,18}$';

const DAY =
  '(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))' +
  '|(?:[0-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)';

/** What a moment looks like, read alike by JavaScript and by PostgreSQL: whatever fits is a day and a time that there is. */
export const MOMENT = `^(?!0000)${DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])$`;
