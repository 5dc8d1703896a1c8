import type { Expectation, Reading } from './profiles.js';

/** Which of the expected facts a reading has right; a fact that was not expected is not in the answer. */
export interface Verdict {
  title?: boolean;
  year?: boolean;
  season?: boolean;
  episode?: boolean;
  resolution?: boolean;
  group?: boolean;
}

/** Compares a reading with what a corpus expects. Titles are equal when their letters and digits are; "none" is an empty list too. */
export function compare(expected: Expectation, reading: Reading): Verdict {
  const verdict: Verdict = {};
  const titles = reading.titles.map(plain).filter((title) => title !== '');
  if (expected.title !== undefined) {
    verdict.title =
      expected.title === null
        ? titles.length === 0
        : expected.title.some((title) => titleMatches(plain(title), { titles, reading }));
  }
  if (expected.every_title !== undefined && expected.every_title.length > 0) {
    verdict.title =
      (verdict.title ?? true) && expected.every_title.every((title) => titleMatches(plain(title), { titles, reading }));
  }
  if (expected.year !== undefined) verdict.year = (reading.year ?? null) === expected.year;
  if (expected.seasons !== undefined) verdict.season = sameNumbers(expected.seasons, reading.seasons);
  if (expected.episodes !== undefined) {
    verdict.episode =
      sameNumbers(expected.episodes, reading.episodes) ||
      (expected.episodes !== null && sameNumbers(expected.episodes, reading.absolute));
  }
  if (expected.resolution !== undefined) verdict.resolution = sameResolution(expected.resolution, reading.resolution);
  if (expected.group !== undefined)
    verdict.group =
      expected.group === null ? reading.group === undefined : plain(reading.group ?? '') === plain(expected.group);
  return verdict;
}

/** Whether all facts of the core (title, year, season, episode) that were expected are right; undefined when none was. */
export function coreOf(verdict: Verdict): boolean | undefined {
  const facts = [verdict.title, verdict.year, verdict.season, verdict.episode].filter((fact) => fact !== undefined);
  return facts.length === 0 ? undefined : facts.every((fact) => fact);
}

/** A title may also be all the names together, as a corpus that does not part them writes it. */
function titleMatches(expected: string, { titles, reading }: { titles: string[]; reading: Reading }): boolean {
  if (titles.includes(expected)) return true;
  if (titles.length > 1 && titles.join('') === expected) return true;
  const form = plain(reading.form ?? '');
  return (
    form !== '' &&
    titles.some((title) => title + form === expected || title + form.replace(/\d+[a-z]?$/, '') === expected)
  );
}

const plain = (value: string): string =>
  value
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

function sameNumbers(expected: number[] | null, found: number[] | undefined): boolean {
  const list = found ?? [];
  if (expected === null) return list.length === 0;
  return list.length === expected.length && expected.every((value, i) => value === list[i]);
}

const LINES_BETWEEN: Record<string, number> = {
  '2160p': 2160,
  '1440p': 1440,
  '1080p': 1080,
  '720p': 720,
  '576p': 576,
  '480p': 480,
  '360p': 360,
};

/** 1080i counts as the 1080p a corpus knows no other word for; an odd number of lines as the standard it belongs to. */
function sameResolution(expected: string | null, found: string | undefined): boolean {
  if (expected === null) return found === undefined;
  if (found === undefined) return false;
  if (expected === found) return true;
  const [a, b] = [Number.parseInt(expected), Number.parseInt(found)];
  if (a === b) return true;
  return LINES_BETWEEN[expected] === undefined && Math.max(a, b) / Math.min(a, b) < 1.4;
}
