import type { TitleReading } from './read-title.js';

/** What an answer adds to the work itself: how sure it is, and which season and episode were meant. */
export interface Surely {
  confidence: number;
  matched_by: string;
  season?: number;
  episode?: number;
}

/** The answer to a title that was read: the work with how sure that is, or an empty object, never a guess. */
export function aliasAnswer<Work extends object>(
  { match, season, episode }: TitleReading,
  work: Work | undefined,
): (Work & Surely) | Record<string, never> {
  if (!match || !work) return {};
  const said = season ?? (match.season > 0 && match.season < 99 ? match.season : undefined);
  return {
    ...work,
    confidence: match.probability,
    matched_by: match.matched_by,
    ...(said !== undefined && { season: said }),
    ...(episode !== undefined && { episode }),
  };
}
