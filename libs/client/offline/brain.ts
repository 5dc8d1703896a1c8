import { AppError } from '#libs/errors/app-error';
import {
  recommendedSites,
  similarWorks,
  trendingWorks,
  type KnownSite,
  type KnownWork,
  type RecommendedSite,
  type RecommendedWork,
} from '#libs/recommend/recommend';
import type { Kind } from '#libs/snapshot/documents';
import type { HeldFile } from '#libs/snapshot/open-snapshot';
import { aliasAnswer } from '#libs/titles/alias-answer';
import { openTitleIndex } from '#libs/titles/open-title-index';
import type { Explanation, TitleIndex } from '#libs/titles/title-index';
import { readTitle } from '#libs/titles/read-title';
import type { WorkRow } from '#libs/titles/rows';
import type { Alias, AliasAnswer, AliasSearch, IndexEntry } from '../answers.js';
import { MapFile } from './map-file.js';
import type { SiteLists } from './site-lists.js';

/** What `works` tells of a key: a work, or the key it was merged into. */
type CatalogueEntry =
  | (Pick<Alias, 'title' | 'type' | 'year' | 'tmdb_id'> &
      Partial<Pick<KnownWork, 'season' | 'root_key' | 'popularity'>>)
  | { into: string };

const DAY_MS = 86_400_000;
const MOST_NEIGHBOURS = 200;
const MOST_FOUND = 200;
const LONGEST = 4096;

/** All answers that one generation of a snapshot gives, by the same functions that answer in the cloud. */
export class Brain {
  private readonly index: TitleIndex;
  private readonly works: MapFile<CatalogueEntry>;

  constructor(
    files: ReadonlyMap<Kind, HeldFile>,
    private readonly siteLists: () => Promise<SiteLists>,
  ) {
    const [titles, works] = [files.get('titles')!, files.get('works')!];
    this.index = openTitleIndex(titles.bytes, { verify: false, need: titles.need });
    this.works = new MapFile(works.bytes, works.need);
    layOver(this.index, files.get('recent')!.bytes);
  }

  resolve(text: string): AliasAnswer {
    const reading = readTitle(this.index, text.slice(0, LONGEST), 5);
    return aliasAnswer(reading, reading.match && this.alias(reading.match.release_key));
  }

  explain(text: string): Explanation {
    return this.index.explain(text.slice(0, LONGEST));
  }

  search(
    text: string,
    {
      limit = 20,
      type,
      year,
    }: { limit?: number | undefined; type?: string | undefined; year?: number | undefined } = {},
  ): AliasSearch {
    if (text.trim() === '') return { query: text, results: [] };
    const found = this.index.search(text.slice(0, LONGEST), { limit: MOST_FOUND, type, year });
    const fits = found.filter(
      (one) => (type === undefined || one.type === type) && (year === undefined || one.year === year),
    );
    const results = fits.slice(0, limit).flatMap(({ release_key, probability, matched_by }) => {
      const work = this.alias(release_key);
      return work ? [{ ...work, confidence: probability, matched_by }] : [];
    });
    return { query: text, results };
  }

  async sites(release_key: string): Promise<IndexEntry> {
    return { release_key, sites: (await this.siteLists()).of(release_key) };
  }

  async recommendSites(release_key: string, limit = 10, now = new Date()): Promise<RecommendedSite[]> {
    const work = this.work(release_key);
    const lists = await this.siteLists();
    const series = this.series(work).flatMap((one) => lists.of(one.release_key));
    return recommendedSites(lists.of(work.release_key), series, { now, limit });
  }

  async similar(release_key: string, limit = 10): Promise<RecommendedWork[]> {
    const work = this.work(release_key);
    const lists = await this.siteLists();
    const own = lists.of(work.release_key);
    const neighbours = lists
      .sharing(own.map(({ site }) => site))
      .filter(({ release_key: key }) => key !== work.release_key)
      .flatMap(({ release_key: key, shared }) => {
        const known = this.known(key);
        return known?.release_key === key ? [{ work: known, shared, of: own.length }] : [];
      });
    return similarWorks(work, this.series(work), neighbours.slice(0, MOST_NEIGHBOURS), limit);
  }

  /** What was seen most in the week before the snapshot was made: what was new then, not now. */
  async trending(limit: number, made: Date): Promise<RecommendedWork[]> {
    const since = made.getTime() - 7 * DAY_MS;
    const entries: { work: KnownWork; sites: readonly KnownSite[] }[] = [];
    for (const [key, sites] of (await this.siteLists()).seenSince(since)) {
      const work = this.known(key);
      if (work?.release_key === key) entries.push({ work, sites });
    }
    return trendingWorks(entries, { now: made, limit });
  }

  /** Works near to those somebody liked, and none of these: counted together here, and told to nobody. */
  async forHistory(history: readonly string[], limit = 10): Promise<RecommendedWork[]> {
    const liked = [...new Set(history)].flatMap((key) => this.known(key) ?? []);
    const seen = new Set(liked.map(({ release_key }) => release_key));
    const best = new Map<string, RecommendedWork>();
    for (const { release_key, title } of liked)
      for (const one of await this.similar(release_key, 50)) {
        if (seen.has(one.release_key)) continue;
        const other = best.get(one.release_key);
        const score = one.score + (other?.score ?? 0) / 2;
        const reason = other ? `${other.reason}; ${title}: ${one.reason}` : `${title}: ${one.reason}`;
        best.set(one.release_key, { ...one, score, reason });
      }
    return [...best.values()]
      .sort((a, b) => b.score - a.score || (a.release_key < b.release_key ? -1 : 1))
      .slice(0, limit);
  }

  /** A work as clients know it, under its own key also where it was asked by one that was merged. */
  private alias(key: string): Alias | undefined {
    const entry = this.entry(key);
    if (!entry) return undefined;
    const { title, type, year, tmdb_id } = entry.known;
    const names = this.index.names(entry.release_key) ?? [];
    return {
      title,
      ...(year !== undefined && { year }),
      type,
      ...(tmdb_id !== undefined && { tmdb_id }),
      release_key: entry.release_key,
      aliases: [...new Set(names)].filter((name) => name !== title),
    };
  }

  private series({ release_key, root_key }: KnownWork): KnownWork[] {
    if (root_key === null) return [];
    return this.index.family(release_key).flatMap((key) => (key === release_key ? [] : (this.known(key) ?? [])));
  }

  private work(key: string): KnownWork {
    const work = this.known(key);
    if (!work) throw new AppError('not_found', `There is no work ${key} in the snapshot.`);
    return work;
  }

  private known(key: string): KnownWork | undefined {
    const entry = this.entry(key);
    if (!entry) return undefined;
    const { title, type, year = null, season = null, root_key = null, popularity = 0 } = entry.known;
    return { release_key: entry.release_key, title, type, year, season, root_key, popularity };
  }

  private entry(key: string) {
    const found = this.works.get(key);
    if (found && !('into' in found)) return { release_key: key, known: found };
    const known = found && this.works.get(found.into);
    return known && !('into' in known) ? { release_key: found.into, known } : undefined;
  }
}

/** The works changed since the index was built stand above it; those that are gone are hidden. */
function layOver(index: TitleIndex, bytes: Uint8Array): void {
  const recent = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, WorkRow | null>;
  const gone = Object.entries(recent).flatMap(([key, row]) => (row === null ? [key] : []));
  const rows = Object.values(recent).filter((row) => row !== null);
  if (gone.length > 0) index.remove(gone);
  if (rows.length > 0) index.add(rows);
}
