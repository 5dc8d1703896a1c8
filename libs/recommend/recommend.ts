/** What recommendations are made of; the same whether it comes from the database or from a snapshot on a disk. */
export interface KnownWork {
  release_key: string;
  title: string;
  type: string;
  year: number | null;
  season: number | null;
  root_key: string | null;
  popularity: number;
}
export interface KnownSite {
  site: string;
  score: number;
  last_seen: string;
}

export interface RecommendedSite extends KnownSite {
  reason: string;
  confidence: number;
}
export interface RecommendedWork {
  media_id: string;
  release_key: string;
  title: string;
  media_type: string;
  year: number | null;
  score: number;
  confidence: number;
  reason: string;
  recommendation_type: 'series' | 'same_sites' | 'trending' | 'popular';
}

const DAY_MS = 86_400_000;

/** Sites to look for a work on: those that have it, then those that have others of its series, at half the weight. */
export function recommendedSites(
  own: readonly KnownSite[],
  ofSeries: readonly KnownSite[],
  { now, limit }: { now: Date; limit: number },
): RecommendedSite[] {
  const best = new Map<string, RecommendedSite>();
  const offer = (site: KnownSite, score: number, reason: string) => {
    if ((best.get(site.site)?.score ?? -1) < score)
      best.set(site.site, { ...site, score: round(score), reason, confidence: round(score / 100) });
  };
  for (const site of own) offer(site, site.score, `has it, last seen ${age(site.last_seen, now)}`);
  for (const site of ofSeries) offer(site, site.score / 2, 'has other parts of the series');
  return [...best.values()].sort((a, b) => b.score - a.score || byText(a.site, b.site)).slice(0, limit);
}

/** Works near to one: its series first, by season, then those of its kind that stand on the same sites. */
export function similarWorks(
  work: KnownWork,
  series: readonly KnownWork[],
  neighbours: readonly { work: KnownWork; shared: number; of: number }[],
  limit: number,
): RecommendedWork[] {
  const others = series
    .filter(({ release_key }) => release_key !== work.release_key)
    .sort(
      (a, b) =>
        (a.season ?? 0) - (b.season ?? 0) || (a.year ?? 0) - (b.year ?? 0) || byText(a.release_key, b.release_key),
    );
  const items = others.map((one, at): RecommendedWork => {
    const next = one.season !== null && one.season === (work.season ?? 1) + 1;
    const reason = next
      ? 'the next season'
      : one.season === null
        ? 'of the same series'
        : `season ${one.season} of the same series`;
    return item(one, { score: (next ? 100 : 90) - at * 0.1, confidence: 0.95, reason, recommendation_type: 'series' });
  });
  const known = new Set([work.release_key, ...others.map(({ release_key }) => release_key)]);
  for (const { work: one, shared, of } of neighbours) {
    if (known.has(one.release_key)) continue;
    const likeness = of === 0 ? 0 : shared / of;
    const reason = `on ${shared} of the same site${shared === 1 ? '' : 's'}`;
    const score =
      60 * likeness + (one.type === work.type ? 10 : 0) + near(work.year, one.year) + Math.log1p(one.popularity);
    items.push(item(one, { score, confidence: likeness * 0.6, reason, recommendation_type: 'same_sites' }));
  }
  return ranked(items, limit);
}

/** Works seen most of late: each site counts by its score, halved for every three days since. */
export function trendingWorks(
  entries: readonly { work: KnownWork; sites: readonly KnownSite[] }[],
  { now, limit }: { now: Date; limit: number },
): RecommendedWork[] {
  const items = entries.flatMap(({ work, sites }): RecommendedWork[] => {
    const heat = sites.reduce((sum, { score, last_seen }) => sum + score * 2 ** (-days(last_seen, now) / 3), 0);
    const recent = sites.filter(({ last_seen }) => days(last_seen, now) <= 7).length;
    if (recent === 0) return [];
    const reason = `seen on ${recent} site${recent === 1 ? '' : 's'} in the last week`;
    return [
      item(work, {
        score: heat + Math.log1p(work.popularity),
        confidence: 1 - 2 ** -recent,
        reason,
        recommendation_type: 'trending',
      }),
    ];
  });
  return ranked(items, limit);
}

function item(
  { release_key, title, type, year }: KnownWork,
  rest: Pick<RecommendedWork, 'score' | 'confidence' | 'reason' | 'recommendation_type'>,
): RecommendedWork {
  const { score, confidence } = rest;
  return {
    media_id: release_key,
    release_key,
    title,
    media_type: type,
    year,
    ...rest,
    score: round(score),
    confidence: round(confidence),
  };
}

const ranked = (items: RecommendedWork[], limit: number) =>
  items.sort((a, b) => b.score - a.score || byText(a.release_key, b.release_key)).slice(0, limit);
const days = (moment: string, now: Date) => Math.max(0, now.getTime() - Date.parse(moment)) / DAY_MS;
const age = (moment: string, now: Date) => {
  const whole = Math.floor(days(moment, now));
  return whole === 0 ? 'today' : whole === 1 ? 'yesterday' : `${whole} days ago`;
};
const near = (a: number | null, b: number | null) => (a === null || b === null ? 0 : Math.max(0, 5 - Math.abs(a - b)));
const round = (value: number) => Math.round(value * 1000) / 1000;
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
