import { parseReleaseName } from '#libs/release-name/parse-release-name';
import type { ParsedName } from '#libs/release-name/parsed-name';
import type { Match, TitleIndex } from './open-title-index.js';

export interface TitleReading {
  parsed: ParsedName;
  season?: number;
  episode?: number;
  /** The one work it surely means; undefined when that is not sure enough. */
  match?: Match;
  candidates: Match[];
}

/** Below this probability the answer is nothing: a wrong answer rewrites what a person searched for. */
const FLOOR = 0.9;
const MOST_TITLES = 4;

/**
 * Reads a title or release name: first as it stands, then, taken for a release name, by each title in it with its year,
 * season and episode. The best work of all is the match if it is sure enough.
 */
export function readTitle(index: TitleIndex, text: string, limit: number): TitleReading {
  const parsed = parseReleaseName(text);
  const [season, episode] = [parsed.seasons?.value[0], parsed.episodes?.value[0]];
  const said = {
    parsed,
    ...(season !== undefined && { season }),
    ...(episode !== undefined && Number.isInteger(episode) && { episode }),
  };
  const asked = text.trim();
  if (asked === '') return { ...said, candidates: [] };
  const hints = { year: parsed.year?.value, season, episode };
  const whole = index.resolve(asked, { limit });
  if (whole.match?.matched_by === 'exact') return { ...said, match: whole.match, candidates: whole.candidates };
  const titles = parsed.titles.slice(0, MOST_TITLES).map(({ value }) => value);
  // The index tells seasons apart best by the words of a title, so a season that was read is said in words again.
  const spoken = titles.map((title) => (season !== undefined && season > 1 ? `${title} S${season}` : title));
  const parts = spoken.filter((title) => title !== asked).map((title) => index.resolve(title, { limit, ...hints }));
  const readings = season !== undefined && parts.length > 0 ? parts : [whole, ...parts];
  const best = new Map<string, Match>();
  for (const match of readings.flatMap(({ candidates }) => candidates))
    if ((best.get(match.release_key)?.probability ?? -1) < match.probability) best.set(match.release_key, match);
  const candidates = [...best.values()].sort((a, b) => b.probability - a.probability).slice(0, limit);
  const match = candidates.slice(0, 1).find((one) => isSure(one, season));
  return { ...said, ...(match && { match }), candidates };
}

/** Sure of the work itself, or sure of the show where the name says the season and this work is it. */
function isSure({ probability, root_probability, reasons }: Match, season: number | undefined): boolean {
  const agrees = season !== undefined && reasons.some(({ code }) => code === 'season_agrees');
  return probability >= FLOOR || (agrees && root_probability >= FLOOR);
}
