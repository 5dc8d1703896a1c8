import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG } from '#libs/bootstrap/tokens';
import type { Caller } from '#libs/contracts/caller';
import { Observation, SizeBucket, type ObservationReport } from '#libs/contracts/intel-releases';
import type { IndexEntry } from '#libs/contracts/intel';
import type { meshObserved } from '#libs/contracts/mesh';
import { AppError } from '#libs/errors/app-error';
import { onlyOnce } from '#libs/outbox/outbox';
import { Retractions, witnessOf } from '../access/retractions.js';
import { Identities, Roles } from '../access/roles.js';
import type { IntelConfig } from '../config.js';
import { LEAST_TRUST } from '../domain/trust.js';
import { Rounds } from '../rounds.js';
import { Titles } from '../titles/titles.js';
import { liveWork } from '../works/work-views.query.js';
import { Sightings } from './sightings.js';
import { AskedWorks } from './asked-works.js';
import { countedSites, visibleSites, type Audience, type SiteOfWork } from './visible-sites.query.js';

type Heard = ReturnType<typeof meshObserved.payload.parse>;

/** Nodes crawl by rules and on sites they were let in to: they are believed more than anybody, and less than publishers. */
const TRUST_IN_NODES = 0.7;

/** Which sites have a work: reported by many, told to those who may know. */
@Injectable()
export class Releases implements OnApplicationBootstrap {
  private readonly asked = new AskedWorks();

  constructor(
    private readonly database: DataSource,
    private readonly roles: Roles,
    private readonly identities: Identities,
    private readonly sightings: Sightings,
    private readonly titles: Titles,
    private readonly retractions: Retractions,
    private readonly rounds: Rounds,
    @Inject(CONFIG) private readonly config: IntelConfig,
  ) {}

  onApplicationBootstrap(): void {
    const taking = this.rounds.every(
      'taking back what those have reported who are not believed',
      300,
      async (signal) => {
        await this.sightings.takeBack(signal);
      },
    );
    this.retractions.onAsked(taking.wake);
    this.rounds.every('forgetting old sightings', 6 * 3600, async () => {
      await this.sightings.forgetOld(new Date());
    });
  }

  /** Takes in what a contributor saw; items that are wrong are told by their place, the others count. */
  async report(caller: Caller, items: readonly unknown[]): Promise<ObservationReport> {
    const by = await this.roles.require(caller, 'contributor');
    if (by.trust < LEAST_TRUST)
      throw new AppError('unauthorized', 'Too many of your names were wrong: what you report is not taken any more.');
    const refused: ObservationReport['refused'] = [];
    const good: { at: number; observation: Observation }[] = [];
    for (const [at, item] of items.entries()) {
      const parsed = Observation.safeParse(item);
      if (parsed.success) good.push({ at, observation: parsed.data });
      else refused.push({ at, reason: complaint(parsed.error.issues[0]!) });
    }
    const witness = { name: witnessOf(by.user_id), trust: by.trust };
    const report = await this.database.transaction((manager) =>
      this.sightings.takeIn(
        manager,
        witness,
        good.map(({ observation }) => observation),
        new Date(),
      ),
    );
    refused.push(...report.refused.map(({ at, reason }) => ({ at: good[at]!.at, reason })));
    return { ...report, refused: refused.sort((a, b) => a.at - b.at) };
  }

  /** Takes in what a crawling node saw; a message that is heard again does nothing. */
  async hear({ contributor, site, items }: Heard, messageId: string): Promise<void> {
    const observations = items.flatMap((item): Observation[] => {
      const { title, release_key, seen_at, count } = item;
      const size_bucket = SizeBucket.safeParse(item.size_bucket).data ?? null;
      const parsed = Observation.safeParse({ site, title, release_key, size_bucket, seen_at, count });
      return parsed.success ? [parsed.data] : [];
    });
    // It is told once: a title that the catalogue has must not be unknown because the index of titles is a moment behind.
    if (observations.some(({ release_key }) => release_key == null)) await this.titles.upToDate();
    await onlyOnce(this.database.manager, messageId, 'intel.releases', async (manager) => {
      await this.sightings.takeIn(
        manager,
        { name: `mesh ${contributor}`, trust: TRUST_IN_NODES },
        observations,
        new Date(),
      );
    });
  }

  async remove(
    caller: Caller,
    releases: readonly { site: string; release_key: string }[],
  ): Promise<{ removed: number }> {
    const by = await this.roles.require(caller, 'contributor');
    const everybody = by.role !== 'contributor';
    return {
      removed: await this.sightings.remove(releases, { name: witnessOf(by.user_id), everybody, now: new Date() }),
    };
  }

  /** The sites of the work a key leads to, under the key as it was asked; an unknown key has none. */
  async entry(caller: Caller, key: string, given: { token?: string; authorization?: string }): Promise<IndexEntry> {
    if (key.includes('/')) throw new AppError('not_found', 'Not Found');
    const live = await liveWork(this.database.manager, key);
    if (!live || live.retired === 'split') return { release_key: key, sites: [] };
    const sites = await this.sitesOf(this.database.manager, [live.id], await this.identities.userOf(caller, given));
    return { release_key: key, sites: sites.map(({ site, score, last_seen }) => ({ site, score, last_seen })) };
  }

  /** The sites of works that somebody may be told of; none when they have asked of too many works today. */
  async sitesOf(manager: EntityManager, workIds: readonly number[], user_id: string | null): Promise<SiteOfWork[]> {
    const now = new Date();
    if (user_id !== null && !this.asked.mayAsk(user_id, workIds, now)) return [];
    return visibleSites(manager, workIds, this.audience(user_id), now);
  }

  /** The sites of works from which something follows for everybody. */
  countedSites(manager: EntityManager, workIds: readonly number[]): Promise<SiteOfWork[]> {
    return countedSites(manager, workIds, this.audience(null), new Date());
  }

  audience(user_id: string | null): Audience {
    return { user_id, atLeast: this.config.INTEL_MIN_CONTRIBUTORS, unregistered: this.config.INTEL_SITE_VISIBILITY };
  }
}

function complaint({
  path,
  message,
  ...issue
}: {
  path: PropertyKey[];
  message: string;
  code?: string;
  keys?: string[];
}): string {
  return issue.code === 'unrecognized_keys'
    ? `${issue.keys!.join(', ')}: not taken here`
    : `${path.join('.')}: ${message}`;
}
