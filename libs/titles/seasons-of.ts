import { splitQualifier, type Qualifier } from './qualifier.js';
import type { WorkRow } from './rows.js';

/**
 * Which season each work is, 0 where nobody can tell: what is known of it; else what its names agree on; else the first, for the earliest
 * work of a show whose later seasons are known. `said` tells what the names of a work say, where that is known already.
 */
export function seasonsOf(
  works: readonly WorkRow[],
  said = (work: number): readonly Qualifier[] =>
    works[work]!.aliases.map(({ title }) => splitQualifier(title).qualifier),
): number[] {
  const seasons = works.map((work, w) => work.season ?? seasonSaid(said(w)));
  const shows = new Map<string, number[]>();
  works.forEach(({ root }, w) => {
    if (root === undefined) return;
    const show = shows.get(root);
    if (show === undefined) shows.set(root, [w]);
    else show.push(w);
  });
  for (const show of shows.values()) {
    forgetImpossible(works, show, seasons);
    if (show.some((w) => seasons[w] === 1) || !show.some((w) => seasons[w]! > 1)) continue;
    const first = earliest(works, show);
    if (first !== undefined && works[first]!.season === undefined && seasons[first] === 0) seasons[first] = 1;
  }
  return seasons;
}

/**
 * A work that began shortly before the one which is known to be a season is not that season, whatever its names say: they count its parts.
 * When it began long before, the one that is known is the season of a remake.
 */
function forgetImpossible(works: readonly WorkRow[], show: readonly number[], seasons: number[]): void {
  for (const w of show) {
    const { season, year } = works[w]!;
    if (season !== undefined || seasons[w]! < 2 || year === undefined) continue;
    const known = show.filter((other) => works[other]!.season === seasons[w]).map((other) => works[other]!.year ?? 0);
    if (known.length > 0 && Math.min(...known) > year && Math.min(...known) <= year + BETWEEN_SEASONS) seasons[w] = 0;
  }
}
/** The most years that commonly lie between half a season and the next one. */
const BETWEEN_SEASONS = 3;

/** The work that began before all the others of its show, films and extras aside; undefined when two did, or a year is missing. */
function earliest(works: readonly WorkRow[], show: readonly number[]): number | undefined {
  const told = show.filter((w) => works[w]!.type !== 'movie' && works[w]!.season !== 0);
  let first: number | undefined;
  let alone = false;
  for (const w of told) {
    const { year } = works[w]!;
    if (year === undefined) return undefined;
    const before = first === undefined ? Infinity : works[first]!.year!;
    alone = year === before ? false : year < before || alone;
    if (year < before) first = w;
  }
  return alone ? first : undefined;
}

/** The season its aliases agree on, where nobody says it; 0 when they say nothing, or different things. */
function seasonSaid(qualifiers: readonly Qualifier[]): number {
  let said = 0;
  for (const { season, weak } of qualifiers) {
    if (season === 0 || weak) continue;
    if (said !== 0 && said !== season) return 0;
    said = season;
  }
  return said;
}
