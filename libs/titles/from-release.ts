import type { Field, ParsedName } from '#libs/release-name/parsed-name';
import type { Match } from './title-index.js';
import type { Hints } from './query.js';
import { rounded } from './rounded.js';
import { pairsOf, spokenTitle, windowsOf, type Window } from './windows.js';

/** How an index is asked for what a release name says. */
export interface Asked {
  /** The works one of whose names is this text to the letter. */
  worksNamed(text: string): ReadonlySet<string>;
  /** The works a title may mean, best first. */
  candidates(title: string, hints: Hints): readonly Match[];
}

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

/** Whether a text says more than a title: a year, which cut of a film it is, that it is complete, or an episode. */
export function saysMore(parsed: ParsedName): boolean {
  return parsed.year !== undefined || parsed.editions.length > 0 || parsed.complete !== undefined || hasEpisode(parsed);
}

/** Whether a text names an episode, and not a title that goes on in the same breath: 第一回 of 第一回相談所. */
export function hasEpisode({ name, episodes }: ParsedName): boolean {
  return episodes !== undefined && !/^(?![全完終])\p{sc=Han}/u.test(name.slice(episodes.span[1]));
}

/** How many titles of one release name are looked for. */
const MOST_TITLES = 4;

/**
 * The works a release name means, best first. A title is looked for with what stands beside it before it is looked for alone: whoever
 * reads a name without knowing any work takes OVA, 剧场版 or a subtitle for something else. What several titles agree on is surer.
 */
export function resolveRelease(parsed: ParsedName, asked: Asked): Match[] {
  const hints = hintsOf(parsed);
  const perTitle: (readonly Match[])[] = [];
  let covered = -1;
  for (const title of parsed.titles) {
    if (perTitle.length === MOST_TITLES) break;
    if (title.span[1] <= covered) continue;
    for (const { span, text } of namesIn(parsed, { title, asked })) {
      const isTitle = span[0] === title.span[0] && span[1] === title.span[1];
      perTitle.push(
        isTitle
          ? asked.candidates(spokenTitle(parsed, title), hints)
          : asked.candidates(text, beyond(hints, { parsed, span })),
      );
      covered = Math.max(covered, span[1]);
    }
  }
  return agreed(perTitle);
}

/** The names in and around a title: the longest that is known, or two that are known of one work, or the title as it was read. */
function namesIn(parsed: ParsedName, { title, asked }: { title: Field<string>; asked: Asked }): Window[] {
  const works = (text: string): ReadonlySet<string> => asked.worksNamed(text);
  const whole = windowsOf(parsed, title).find(({ text }) => works(text).size > 0);
  if (whole !== undefined) return [whole];
  for (const [left, right] of pairsOf(parsed, { title, isKnown: (text) => works(text).size > 0 }))
    if ([...works(left.text)].some((work) => works(right.text).has(work))) return [left, right];
  return [{ span: title.span, text: title.value }];
}

/** What a release name tells beside its titles. A season of a name that gives none is open, not the first. */
function hintsOf(parsed: ParsedName): Hints {
  const season = parsed.seasons?.value.length === 1 ? parsed.seasons.value[0]! : undefined;
  const episodic = parsed.episodes !== undefined || parsed.seasons !== undefined;
  return {
    ...(season === undefined || season < 2 || season > 60 ? {} : { season }),
    ...(parsed.year === undefined ? {} : { year: parsed.year.value }),
    ...(episodic ? {} : { alone: true }),
    ...(parsed.form?.value === 'movie' && !episodic ? { type: 'movie' } : {}),
  };
}

/** What is told outside of a stretch of the name. */
function beyond(hints: Hints, { parsed, span }: { parsed: ParsedName; span: readonly [number, number] }): Hints {
  const outside = (field: Field<unknown> | undefined): boolean =>
    field === undefined || field.span[0] >= span[1] || field.span[1] <= span[0];
  const { season, year, type, ...rest } = hints;
  return {
    ...rest,
    ...(season === undefined || !outside(parsed.seasons) ? {} : { season }),
    ...(year === undefined || !outside(parsed.year) ? {} : { year }),
    ...(type === undefined || !outside(parsed.form) ? {} : { type }),
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
    (a, b) =>
      b.probability - a.probability ||
      b.root_probability - a.root_probability ||
      (a.release_key < b.release_key ? -1 : 1),
  );
}

const either = (a: number, b: number): number => rounded(1 - (1 - a) * (1 - b));
