import type { ParsedName } from '#libs/release-name/parsed-name';
import { parseReleaseName } from '#libs/release-name/parse-release-name';
import { acronymIn } from './acronyms.js';
import { buildTitleIndex } from './build-title-index.js';
import { evidenceFor } from './candidates.js';
import { agreed, hasEpisode, isRelease, resolveRelease, saysMore } from './from-release.js';
import { FEATURES } from './features.js';
import { foldKey } from './fold.js';
import { namesOf, resolveInFull, withInFull } from './in-full.js';
import { LONGEST_TITLE, queryOf, withYear, type Query } from './query.js';
import { rank, type Ranked } from './rank.js';
import { reasonsOf } from './reasons.js';
import { rounded } from './rounded.js';
import type { WorkRow } from './rows.js';
import type { Need } from './sections.js';
import { Segment } from './segment.js';
import { KEY_KIND } from './sides.js';
import type { Explanation, Match, Resolution, ResolveOptions, TitleIndex } from './title-index.js';
import { pairOf } from './windows.js';

/**
 * Opens the bytes of `buildTitleIndex` where they lie; refuses damaged ones and those of another key version (`invalid`).
 * `verify: false` is for a caller who has just compared the whole file's hash, or does so with each part that `need` brings.
 */
export function openTitleIndex(
  bytes: Uint8Array,
  { verify = true, need }: { verify?: boolean; need?: Need | undefined } = {},
): TitleIndex {
  return new OpenIndex(new Segment(bytes, { verify, need }));
}

const FLOOR = 0.8;
/** A shorter text is no release name. */
const LEAST_RELEASE = 7;
/** How often the one work with this very title is the one that is meant, and how often it or a sister is: counted on titles whose work is known. */
const SOLE = 0.98;
const SOLE_ROOT = 0.99;
/** One letter is a name too seldom to be sure of it. */
const LEAST_SOLE = 2;
/** A word behind a title that says by which way it was published: `(TV)`, ONA. */
const KIND = /\s*(?:[([（]\s*(?:TV|ONA|WEB)\s*[)\]）]|\sONA)\s*$/i;
/** A title that has a subtitle, and what stands before it. */
const SUBTITLE = /^(.{3,}?)(?::\s|：|\s[~～〜–—-])\s*\S/u;
/** Four words or more in Latin letters, and what stands before the last: groups add one that no title has, as in Gundam UC Unicorn. */
const LAST_WORD = /^([!-~]+(?: [!-~]+){2,}) [a-z]+$/i;
/** An extra with a name of its own, and what stands before that: Another OVA - The Other. */
const EXTRA = /^(.{2,}? (?:OVA|OAD|OAV|Specials?))\s*[:：~～〜–—-]\s*\S/iu;
/** What is found by the head of a title is as likely as this share of what it would be alone; and what is less likely than this is in doubt. */
const BY_HEAD = 0.75;
const WITHOUT_SUBTITLE = { cut: SUBTITLE, below: 0.1 };
const WITHOUT_NAME_OF_EXTRA = { cut: EXTRA, below: 0.5 };
const WITHOUT_LAST_WORD = { cut: LAST_WORD, below: 0.5 };
/** From here on a title is taken for what it says, and not for an acronym. */
const ABBREVIATED_BELOW = 0.5;
/** From here on a search has found what it was for. */
const KNOWN = 0.9;
/** In how many aliases at most the names of an acronym are looked for. */
const MOST_ABBREVIATED = 48;
/** What is so many times less likely than the best answer is not worth a line. */
const FARTHEST = 1000;
/** How many answers to each title of one release name are compared. */
const AGREEING = 12;

/**
 * Whether a text is rather a title with something behind it than a title as a whole. Which of sisters is meant, the whole says better: by the year
 * in it, or by a season that has the number which may be an episode.
 */
function isSurer(read: Match | undefined, title: Match | undefined, { episode }: { episode: boolean }): boolean {
  if (read === undefined || read.probability <= (title?.probability ?? 0)) return false;
  // Films have no episodes.
  if (episode && read.type === 'movie') return false;
  if (title?.root !== read.root) return true;
  return episode ? !title.reasons.some(({ code }) => code === 'season_agrees') : title.release_key === read.release_key;
}

/** An alias with the work it names. */
interface Named {
  segment: Segment;
  alias: number;
  work: number;
}

class OpenIndex implements TitleIndex {
  private overlay: Segment | undefined;
  private readonly added = new Map<string, WorkRow>();
  /** The release_keys of the file that the file no longer answers for. */
  private readonly hidden = new Set<string>();

  constructor(private readonly base: Segment) {}

  get size(): { works: number; aliases: number } {
    return { works: this.base.works + this.added.size, aliases: this.base.aliases + (this.overlay?.aliases ?? 0) };
  }

  resolve(title: string, options: ResolveOptions = {}): Resolution {
    const sole = this.resolveSole(title, options);
    if (sole !== undefined) return sole;
    const parsed = title.length > LEAST_RELEASE ? parseReleaseName(title) : undefined;
    if (parsed !== undefined && isRelease(parsed)) return this.resolveParsed(parsed, options);
    const asTitle = this.resolvePair(title, options) ?? this.resolveWhole(title, options);
    if (parsed === undefined || !saysMore(parsed) || asTitle.match !== null) return asTitle;
    const asRead = this.resolveParsed(parsed, options);
    const isSure = isSurer(asRead.candidates[0], asTitle.candidates[0], { episode: hasEpisode(parsed) });
    return isSure ? { ...asRead, query: title } : asTitle;
  }

  private resolveSole(title: string, options: ResolveOptions): Resolution | undefined {
    const sole = this.soleMatch(title, options);
    if (sole === undefined) return undefined;
    return { query: title, match: sole.probability >= (options.floor ?? FLOOR) ? sole : null, candidates: [sole] };
  }

  private resolveTitle(title: string, options: ResolveOptions): Resolution {
    const query = queryOf(title, options);
    const ranked = this.ranked(query, { prefix: false });
    const candidates = ranked.slice(0, options.limit ?? 5).map((one) => matchOf(one, query));
    const first = candidates[0];
    return {
      query: title,
      match: first !== undefined && first.probability >= (options.floor ?? FLOOR) ? first : null,
      candidates,
    };
  }

  /** A title; where nobody knows it with its subtitle, by what stands before that, or by what it abbreviates. */
  private resolveWhole(title: string, options: ResolveOptions): Resolution {
    return this.orInFull(this.orByHead(this.resolveTitle(title, options), WITHOUT_SUBTITLE, options), options);
  }

  /** A title; where it is in doubt, by the names that its first word abbreviates, if one of these is likelier. */
  private orInFull(whole: Resolution, options: ResolveOptions): Resolution {
    const doubt = whole.candidates[0]?.root_probability ?? 0;
    const candidates = doubt < ABBREVIATED_BELOW ? this.inFull(whole.query, options) : [];
    const [first] = candidates;
    if (first === undefined || first.root_probability <= doubt) return whole;
    const match = first.probability >= (options.floor ?? FLOOR) ? first : null;
    return { query: whole.query, match, candidates: candidates.slice(0, options.limit ?? 5) };
  }

  private inFull(title: string, options: ResolveOptions): Match[] {
    return resolveInFull(title, {
      aliases: this.size.aliases,
      titlesOf: (acronym) => this.titlesOf(acronym),
      candidates: (name) => this.resolveTitle(name, { ...options, limit: AGREEING }).candidates,
    });
  }

  /** The titles that may be abbreviated so, in the file and over it. */
  private titlesOf(acronym: string): string[] {
    return this.segments.flatMap((segment) =>
      segment
        .withSide(acronym, KEY_KIND.acronym, MOST_ABBREVIATED)
        .filter((alias) => !this.isHidden(segment, segment.workOf(alias)))
        .map((alias) => segment.title(alias)),
    );
  }

  /** A title; where it is in doubt, by what is left of it without what the pattern cuts off, if that is likelier. */
  private orByHead(
    whole: Resolution,
    { cut, below }: { cut: RegExp; below: number },
    options: ResolveOptions,
  ): Resolution {
    const doubt = whole.candidates[0]?.root_probability ?? 0;
    const head = doubt < below ? cut.exec(whole.query)?.[1] : undefined;
    if (head === undefined) return whole;
    const candidates = this.resolveTitle(head, options).candidates.map((one) => ({
      ...one,
      probability: rounded(one.probability * BY_HEAD),
      root_probability: rounded(one.root_probability * BY_HEAD),
    }));
    return (candidates[0]?.root_probability ?? 0) > doubt ? { query: whole.query, match: null, candidates } : whole;
  }

  /** Two names of one work, one after the other: what both are known to mean. */
  private resolvePair(title: string, options: ResolveOptions): Resolution | undefined {
    const pair = pairOf(title, (text) => this.worksNamed(text));
    if (pair === undefined) return undefined;
    const candidates = agreed(pair.map((name) => this.resolveTitle(name, { ...options, limit: AGREEING }).candidates));
    const first = candidates[0];
    const match = first !== undefined && first.probability >= (options.floor ?? FLOOR) ? first : null;
    return { query: title, match, candidates: candidates.slice(0, options.limit ?? 5) };
  }

  /** The one work that has this very title, alone or with its year behind it, when nothing else is known or asked: most questions end here. */
  private soleMatch(title: string, { type, year, season }: ResolveOptions): Match | undefined {
    if (type !== undefined || year !== undefined || season !== undefined || title.length > LONGEST_TITLE)
      return undefined;
    const key = foldKey(title);
    const named = this.named(key);
    if (named.length > 0) return this.soleOf(key, named);
    const kind = KIND.exec(title);
    if (kind !== null) {
      const name = foldKey(title.slice(0, kind.index));
      return this.soleOf(name, this.named(name));
    }
    const dated = withYear(title);
    if (dated === undefined) return undefined;
    const ofYear = (one: Named) => one.segment.factsOfWork(one.work).year === dated.year;
    const name = foldKey(dated.name);
    return this.soleOf(name, this.named(name).filter(ofYear), dated.year);
  }

  /** All that has this very name, in the file and over it. */
  private named(key: string): Named[] {
    const all: Named[] = [];
    for (const segment of this.segments)
      for (const alias of segment.withKey(key)) {
        const work = segment.workOf(alias);
        if (!this.isHidden(segment, work)) all.push({ segment, alias, work });
      }
    return all;
  }

  private get segments(): readonly Segment[] {
    return this.overlay === undefined ? [this.base] : [this.overlay, this.base];
  }

  private readonly isHidden = (segment: Segment, work: number): boolean =>
    segment === this.base && this.hidden.size > 0 && this.hidden.has(segment.work(work).release_key);

  private soleOf(key: string, named: readonly Named[], year?: number): Match | undefined {
    const [first] = named;
    if (first === undefined || key.length < LEAST_SOLE) return undefined;
    const { segment, alias, work } = first;
    if (
      named.some((one) => one.segment.kindOf(one.alias) === 'reading' || one.work !== work || one.segment !== segment)
    )
      return undefined;
    const stored = segment.work(work);
    const { release_key, type: kind, year: began, season: which, root } = stored;
    return {
      release_key,
      type: kind,
      year: began,
      season: which,
      root,
      title: segment.title(segment.aliasesOf(work)[0]),
      alias: segment.title(alias),
      matched_by: 'exact',
      probability: SOLE,
      root_probability: SOLE_ROOT,
      reasons: [
        { code: 'same_title', value: 1 } as const,
        ...(year === undefined ? [] : [{ code: 'year_agrees' as const, value: year }]),
      ],
    };
  }

  resolveParsed(parsed: ParsedName, options: ResolveOptions = {}): Resolution {
    const candidates = resolveRelease(parsed, {
      worksNamed: (text) => this.worksNamed(text),
      candidates: (title, hints) => {
        const asked = { ...hints, ...options, limit: AGREEING };
        const sole = this.resolveSole(title, asked);
        if (sole !== undefined) return sole.candidates;
        const whole = this.orByHead(this.resolveTitle(title, asked), WITHOUT_NAME_OF_EXTRA, asked);
        return this.orInFull(this.orByHead(whole, WITHOUT_LAST_WORD, asked), asked).candidates;
      },
    });
    const first = candidates[0];
    const match = first !== undefined && first.probability >= (options.floor ?? FLOOR) ? first : null;
    return { query: parsed.name, match, candidates: candidates.slice(0, options.limit ?? 5) };
  }

  /** The works somebody gave this very name; none for a name that very many have. */
  private worksNamed(title: string): Set<string> {
    const works = new Set<string>();
    const key = foldKey(title);
    if (key.length < LEAST_SOLE || this.base.isCommon(key)) return works;
    for (const { segment, alias, work } of this.named(key))
      if (segment.kindOf(alias) !== 'reading') works.add(segment.work(work).release_key);
    return works;
  }

  explain(title: string, options: ResolveOptions = {}): Explanation {
    const query = queryOf(title, options);
    const candidates = this.ranked(query, { prefix: false })
      .slice(0, options.limit ?? 10)
      .map((one) => ({
        ...matchOf(one, query),
        score: rounded(one.score),
        features: Object.fromEntries(FEATURES.map((name, i) => [name, rounded(one.evidence.features[i]!)])),
      }));
    const { full, core, loose, script, qualifier } = query;
    const abbreviated = acronymIn(title);
    const abbreviates =
      abbreviated === undefined ? [] : namesOf(abbreviated.acronym, this.titlesOf(abbreviated.acronym));
    return { query: title, keys: { full, core, loose, script }, qualifier, abbreviates, candidates };
  }

  search(text: string, options: ResolveOptions = {}): Match[] {
    const query = queryOf(text, options);
    const found = this.ranked(query, { prefix: true })
      .slice(0, options.limit ?? 20)
      .map((one) => matchOf(one, query));
    const isFound = (found[0]?.root_probability ?? 0) >= KNOWN;
    const all = isFound ? found : withInFull(found, text, this.inFull(text, options));
    return all.filter(({ probability }) => probability * FARTHEST >= all[0]!.probability).slice(0, options.limit ?? 20);
  }

  names(releaseKey: string): string[] | undefined {
    const found = this.found(releaseKey);
    if (!found) return undefined;
    const [first, last] = found.segment.aliasesOf(found.work);
    const aliases = Array.from({ length: last - first }, (_, i) => found.segment.alias(first + i));
    return aliases.filter(({ kind }) => kind !== 'reading').map(({ title }) => title);
  }

  family(releaseKey: string): string[] {
    const found = this.found(releaseKey);
    if (!found) return [];
    const root = found.segment.work(found.work).root;
    const inBase = this.base.familyNamed(root).map((work) => this.base.work(work).release_key);
    const added = [...this.added.values()].filter((row) => (row.root ?? row.release_key) === root);
    return [...inBase.filter((key) => !this.hidden.has(key)), ...added.map(({ release_key }) => release_key)];
  }

  /** Where a work stands now, if it is here. */
  private found(releaseKey: string): { segment: Segment; work: number } | undefined {
    const segment = this.added.has(releaseKey) ? this.overlay : this.hidden.has(releaseKey) ? undefined : this.base;
    const work = segment?.find(releaseKey) ?? -1;
    return segment === undefined || work === -1 ? undefined : { segment, work };
  }

  add(rows: Iterable<WorkRow>): void {
    for (const row of rows) {
      this.added.set(row.release_key, row);
      this.hidden.add(row.release_key);
    }
    this.overlay = new Segment(buildTitleIndex(this.added.values()), { verify: false });
  }

  remove(releaseKeys: Iterable<string>): void {
    let overlaid = false;
    for (const key of releaseKeys) {
      overlaid = this.added.delete(key) || overlaid;
      this.hidden.add(key);
    }
    if (overlaid) this.overlay = new Segment(buildTitleIndex(this.added.values()), { verify: false });
  }

  private ranked(query: Query, of: { prefix: boolean }): Ranked[] {
    return query.full === ''
      ? []
      : rank(evidenceFor(query, { segments: this.segments, isHidden: this.isHidden }, of), query);
  }
}

function matchOf(ranked: Ranked, query: Query): Match {
  const { evidence, probability, root_probability } = ranked;
  const { segment, alias, way } = evidence;
  const work = segment.work(evidence.work);
  return {
    release_key: work.release_key,
    title: segment.title(segment.aliasesOf(evidence.work)[0]),
    alias: segment.title(alias),
    matched_by: way,
    type: work.type,
    year: work.year,
    season: work.season,
    root: work.root,
    probability: rounded(probability),
    root_probability: rounded(root_probability),
    reasons: reasonsOf(evidence, query),
  };
}
