import type { ParsedName } from '#libs/release-name/parsed-name';
import type { Way } from './evidence.js';
import type { Qualifier } from './qualifier.js';
import type { Hints } from './query.js';
import type { Reason } from './reasons.js';
import type { WorkRow } from './rows.js';

/** One work that may be meant. */
export interface Match {
  release_key: string;
  /** The name the work goes by. */
  title: string;
  /** The alias that was recognised. */
  alias: string;
  matched_by: Way | 'acronym';
  type: string;
  /** 0 when unknown, as is the season. */
  year: number;
  season: number;
  root: string;
  probability: number;
  root_probability: number;
  reasons: Reason[];
}

/** The answer to one title: the match, when it is sure enough, and what else was considered, best first. */
export interface Resolution {
  query: string;
  match: Match | null;
  candidates: Match[];
}

export interface ResolveOptions extends Hints {
  /** Below this probability there is no match; 0.8 when absent. */
  floor?: number | undefined;
  /** How many candidates are shown; 5 when absent. */
  limit?: number | undefined;
}

/** What an answer rests on. */
export interface Explanation {
  query: string;
  keys: { full: string; core: string; loose: string; script: string };
  qualifier: Qualifier;
  /** The names, in folded words, that its first word is looked for as an acronym of. */
  abbreviates: string[];
  candidates: (Match & { score: number; features: Record<string, number> })[];
}

/** A title index open for questions; it holds the bytes it was opened with and nothing else of note. */
export interface TitleIndex {
  /** Which work a title or a whole release name means; `match` is null when nothing is sure enough. */
  resolve(title: string, options?: ResolveOptions): Resolution;
  /** The same for a name that has been read already: several titles that agree make an answer surer. */
  resolveParsed(parsed: ParsedName, options?: ResolveOptions): Resolution;
  /** The works a person may mean while typing: by beginning, by likeness, by reading. Best first, each once. */
  search(text: string, options?: ResolveOptions): Match[];
  /** How a title was taken apart and what was weighed: every candidate with every feature, for a person who asks why. */
  explain(title: string, options?: ResolveOptions): Explanation;
  /** All names of a work, the one it goes by first, without how they are read; undefined when there is no such work. */
  names(releaseKey: string): string[] | undefined;
  /** The release_keys of all works that share the root of this one, itself among them. */
  family(releaseKey: string): string[];
  /** These works stand above those of the same release_key in the file, from now on; nothing is rebuilt. */
  add(rows: Iterable<WorkRow>): void;
  /** These works are answered no more. */
  remove(releaseKeys: Iterable<string>): void;
  readonly size: { works: number; aliases: number };
}
