import { acronymIn, acronymsOf, shareOfEach } from './acronyms.js';
import { foldKey } from './fold.js';
import { rounded } from './rounded.js';
import type { Match } from './title-index.js';

/** How an index is asked for what an acronym stands for. */
export interface AskedInFull {
  /** How many aliases it has. */
  aliases: number;
  /** The titles that may be abbreviated so. */
  titlesOf(acronym: string): readonly string[];
  /** The works a title may mean, best first. */
  candidates(title: string): readonly Match[];
}

/** The works that a title may mean by the names which its first word abbreviates, with what stands behind it; best first. */
export function resolveInFull(title: string, asked: AskedInFull): Match[] {
  const abbreviated = acronymIn(title);
  if (abbreviated === undefined) return [];
  const { acronym, rest } = abbreviated;
  const { aliases } = asked;
  const perName = namesOf(acronym, asked.titlesOf(acronym)).map((name) => asked.candidates(name + rest));
  const meant = perName.flatMap(([first]) => first ?? []);
  const ofWorks = shareOfEach(new Set(meant.map(({ release_key }) => release_key)).size, { acronym, aliases });
  const ofRoots = shareOfEach(new Set(meant.map(({ root }) => root)).size, { acronym, aliases });
  return likeliestOfEach(perName.flat()).map((one) => ({
    ...one,
    matched_by: 'acronym',
    probability: rounded(one.probability * ofWorks),
    root_probability: rounded(one.root_probability * ofRoots),
    reasons: [{ code: 'acronym', value: rounded(ofRoots) }, ...one.reasons],
  }));
}

/** The names in these titles that an acronym stands for, in folded words; none where it stands for too many to mean one of them. */
export function namesOf(acronym: string, titles: readonly string[]): string[] {
  const names = new Map<string, string>();
  for (const title of titles)
    for (const one of acronymsOf(title)) if (one.acronym === acronym) names.set(foldKey(one.name), one.name);
  return names.size > MOST_NAMES ? [] : [...names.values()];
}

/** What was found while a person types, with the works they abbreviate: in small letters they may still be at the first word of a title. */
export function withInFull(found: readonly Match[], text: string, inFull: readonly Match[]): Match[] {
  const shown = inFull.slice(0, MOST_SHOWN);
  const keys = new Set(shown.map(({ release_key }) => release_key));
  const others = found.filter(({ release_key }) => !keys.has(release_key));
  const most = acronymIn(text)?.inCapitals === true ? 0 : MOST_BEFORE;
  const other = others.slice(0, most).findIndex(({ matched_by }) => matched_by !== 'prefix');
  return others.toSpliced(other === -1 ? most : other, 0, ...shown);
}

/** The likeliest of several answers with the same work, best first. */
function likeliestOfEach(matches: readonly Match[]): Match[] {
  const best = new Map<string, Match>();
  for (const match of matches)
    if (match.probability > (best.get(match.release_key)?.probability ?? -1)) best.set(match.release_key, match);
  return [...best.values()].sort((a, b) => b.probability - a.probability || (a.release_key < b.release_key ? -1 : 1));
}

/** The most names of one acronym that are asked for. */
const MOST_NAMES = 4;
/** How many of the works that are abbreviated a search shows, and how many titles that begin so stand before them. */
const MOST_SHOWN = 3;
const MOST_BEFORE = 2;
