const MONTHS: Record<string, number> = {
  jan: 1,
  feb: 2,
  mar: 3,
  apr: 4,
  may: 5,
  jun: 6,
  jul: 7,
  aug: 8,
  sep: 9,
  oct: 10,
  nov: 11,
  dec: 12,
};
const YEAR_FIRST = /((?:19|20)\d\d)([._ -])(\d{1,2})\2(\d{1,2})(?!\d)/y;
const YEAR_X = /((?:19|20)\d\d)x(\d{1,2})\.(\d{1,2})(?!\d)/y;
const YEAR_LAST = /(\d{1,2})([._ -])(\d{1,2})\2((?:19|20)\d\d)(?!\d)/y;
const SHORT = /(\d{2})([._-])(\d{2})\2(\d{2})(?![\d])/y;
const SOLID = /((?:19|20)\d\d)([01]\d)([0-3]\d)(?!\d)/y;
const SOLID_SHORT = /(\d{2})([01]\d)([0-3]\d)(?!\d)/y;
const NAMED =
  /(\d{1,2})(?:st|nd|rd|th)?[ ._-]{1,2}(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[ ._-]{1,2}(\d{2}|(?:19|20)\d\d)(?!\d)/y;

/** The day that is written at a place of a lower-case name, as ISO 8601, and where it ends. Day before month, unless that is no day. */
export function dateAt(lower: string, at: number): { date: string; end: number; firm: boolean } | undefined {
  for (const [pattern, read] of READERS) {
    pattern.lastIndex = at;
    const match = pattern.exec(lower);
    if (match === null) continue;
    const date = read(match);
    if (date !== undefined) return { date, end: pattern.lastIndex, firm: pattern !== SOLID_SHORT };
  }
  return undefined;
}

const iso = (year: number, month: number, day: number): string | undefined =>
  month >= 1 && month <= 12 && day >= 1 && day <= 31
    ? `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
    : undefined;
const full = (year: number): number => (year > 99 ? year : year + (year < 70 ? 2000 : 1900));

const READERS: readonly [RegExp, (m: RegExpExecArray) => string | undefined][] = [
  [YEAR_FIRST, (m) => iso(Number(m[1]), Number(m[3]), Number(m[4])) ?? iso(Number(m[1]), Number(m[4]), Number(m[3]))],
  [YEAR_X, (m) => iso(Number(m[1]), Number(m[2]), Number(m[3]))],
  [YEAR_LAST, (m) => iso(Number(m[4]), Number(m[3]), Number(m[1])) ?? iso(Number(m[4]), Number(m[1]), Number(m[3]))],
  [NAMED, (m) => iso(full(Number(m[3])), MONTHS[m[2]!]!, Number(m[1]))],
  [SOLID, (m) => iso(Number(m[1]), Number(m[2]), Number(m[3]))],
  [SHORT, (m) => shortDate(Number(m[1]), Number(m[3]), Number(m[4]))],
  [SOLID_SHORT, (m) => iso(full(Number(m[1])), Number(m[2]), Number(m[3]))],
];

/** 15.01.31 is year first, 31.01.15 and 09.03.08 are day first, 03-29-12 is month first. */
function shortDate(a: number, b: number, c: number): string | undefined {
  if (a > 12 && a > 31) return iso(full(a), b, c);
  if (c > 31) return iso(full(c), b, a) ?? iso(full(c), a, b);
  if (a > 12 && c > 12 && a <= c) return iso(full(a), b, c);
  return iso(full(c), b, a) ?? iso(full(c), a, b) ?? iso(full(a), b, c);
}
