import { parseReleaseName } from '#libs/release-name/parse-release-name';
import type { ParsedName } from '#libs/release-name/parsed-name';
import { foldKey } from './fold.js';
import type { Match, TitleIndex } from './title-index.js';

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

/** Reads a title or release name, and says which work it means where that is sure enough, with the season and episode it names. */
export function readTitle(index: TitleIndex, text: string, limit: number): TitleReading {
  const parsed = parseReleaseName(text);
  const [season, episode] = [parsed.seasons?.value[0], parsed.episodes?.value[0]];
  const said: Pick<TitleReading, 'parsed' | 'season' | 'episode'> = {
    parsed,
    ...(season !== undefined && { season }),
    ...(episode !== undefined && Number.isInteger(episode) && { episode }),
  };
  const asked = text.trim();
  if (asked === '') return { ...said, candidates: [] };
  const { candidates } = index.resolve(asked, { limit });
  const match = candidates.slice(0, 1).find((one) => isSure(one, season));
  // What is the whole of a name is no episode of it: 流浪地球 2.
  if (match && foldKey(match.alias) === foldKey(asked)) delete said.episode;
  return { ...said, ...(match && { match }), candidates };
}

/** Sure of the work itself, or sure of the show where the name says the season and this work is it. */
function isSure({ probability, root_probability, reasons }: Match, season: number | undefined): boolean {
  const agrees = season !== undefined && reasons.some(({ code }) => code === 'season_agrees');
  return probability >= FLOOR || (agrees && root_probability >= FLOOR);
}
