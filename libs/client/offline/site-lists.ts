import type { IndexEntry, SiteScore } from '../answers.js';
import { MapFile } from './map-file.js';

/** Which sites have which works, and the other way round; of sites the person is not on, nothing is said. */
export class SiteLists {
  private readonly file: MapFile<IndexEntry>;
  private readonly own: ReadonlySet<string> | undefined;
  private bySite: Map<string, string[]> | undefined;

  constructor(bytes: Uint8Array, sites: readonly string[] | undefined) {
    this.file = new MapFile(bytes);
    this.own = sites && new Set(sites);
  }

  of(release_key: string): SiteScore[] {
    return this.allowed(this.file.get(release_key)?.sites ?? []);
  }

  /** The works on any of these sites with how many of them, most first. */
  sharing(sites: readonly string[]): { release_key: string; shared: number }[] {
    const counts = new Map<string, number>();
    for (const site of sites) for (const key of this.worksOf(site)) counts.set(key, (counts.get(key) ?? 0) + 1);
    return [...counts]
      .map(([release_key, shared]) => ({ release_key, shared }))
      .sort((a, b) => b.shared - a.shared || (a.release_key < b.release_key ? -1 : 1));
  }

  /** The works seen on a site since a moment, in milliseconds of the epoch. */
  *seenSince(moment: number): Generator<[string, SiteScore[]]> {
    for (const [key, { sites }] of this.file.entries()) {
      const allowed = this.allowed(sites);
      if (allowed.some(({ last_seen }) => Date.parse(last_seen) > moment)) yield [key, allowed];
    }
  }

  private worksOf(site: string): readonly string[] {
    if (!this.bySite) {
      this.bySite = new Map();
      for (const [key, { sites }] of this.file.entries())
        for (const one of this.allowed(sites)) {
          const list = this.bySite.get(one.site);
          if (list) list.push(key);
          else this.bySite.set(one.site, [key]);
        }
    }
    return this.bySite.get(site) ?? [];
  }

  private allowed(sites: readonly SiteScore[]): SiteScore[] {
    return sites.filter(({ site }) => this.own === undefined || this.own.has(site));
  }
}
