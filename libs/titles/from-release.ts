import type { ParsedName } from '#libs/release-name/parsed-name';
import type { Match } from './open-title-index.js';
import type { Hints } from './query.js';

/** Whether a text is a release name and not a title: it says how it was made, or has an episode in the shape of one. */
export function isRelease(parsed: ParsedName): boolean {
  if (parsed.titles.length === 0) return false;
  return (
    parsed.resolution !== undefined ||
    parsed.source !== undefined ||
    parsed.video_codec !== undefined ||
    parsed.crc !== undefined ||
    (parsed.container !== undefined && parsed.container.value !== 'sub') ||
    (parsed.episodes !== undefined && (parsed.seasons !== undefined || parsed.group !== undefined))
  );
}

/** What a release name tells beside its titles. A season of a name that gives none is open, not the first. */
export function hintsOf(parsed: ParsedName): Hints {
  const season = parsed.seasons?.value.length === 1 ? parsed.seasons.value[0]! : undefined;
  const episodic = parsed.episodes !== undefined || parsed.seasons !== undefined;
  return {
    ...(season === undefined || season < 2 || season > 60 ? {} : { season }),
    ...(parsed.year === undefined ? {} : { year: parsed.year.value }),
    ...(episodic ? {} : { alone: true }),
    ...(parsed.form?.value === 'movie' && !episodic ? { type: 'movie' } : {}),
  };
}

/** The answers to several titles of one name as one: what two titles agree on is surer than what one says. */
export function agreed(perTitle: readonly (readonly Match[])[]): Match[] {
  const together = new Map<string, Match>();
  for (const matches of perTitle) {
    for (const match of matches) {
      const known = together.get(match.release_key);
      if (known === undefined) {
        together.set(match.release_key, match);
        continue;
      }
      const better = match.probability > known.probability ? match : known;
      together.set(match.release_key, {
        ...better,
        probability: either(known.probability, match.probability),
        root_probability: either(known.root_probability, match.root_probability),
      });
    }
  }
  return [...together.values()].sort(
    (a, b) => b.probability - a.probability || (a.release_key < b.release_key ? -1 : 1),
  );
}

const either = (a: number, b: number): number => Math.round((1 - (1 - a) * (1 - b)) * 1e4) / 1e4;
