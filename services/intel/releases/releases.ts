import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG } from '#libs/bootstrap/tokens';
import type { Caller } from '#libs/contracts/caller';
import { Observation, SizeBucket, type ObservationReport } from '#libs/contracts/intel-releases';
import type { IndexEntry } from '#libs/contracts/intel';
import type { meshNodeChanged, meshObserved } from '#libs/contracts/mesh';
import { AppError } from '#libs/errors/app-error';
import { onlyOnce } from '#libs/outbox/outbox';
import { Retractions, tellerOf, witnessOf } from '../access/retractions.js';
import { Identities, Roles } from '../access/roles.js';
import type { IntelConfig } from '../config.js';
import { LEAST_TRUST } from '../domain/trust.js';
import { Feedback } from '../recommend/feedback.js';
import { Rounds } from '../rounds.js';
import { Titles } from '../titles/titles.js';
import { liveWork } from '../works/work-views.query.js';
import { Sightings } from './sightings.js';
import { AskedWorks } from './asked-works.js';
import { countedSites, visibleSites, type Audience, type SiteOfWork } from './visible-sites.query.js';

type Heard = ReturnType<typeof meshObserved.payload.parse>;
type NodeChange = ReturnType<typeof meshNodeChanged.payload.parse>;

/** Nodes crawl by rules and on sites they were let in to: they are believed more than anybody, and less than publishers. */
const TRUST_IN_NODES = 0.7;
const TAKEN_BACK_AT_ONCE = 20;

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
    private readonly feedback: Feedback,
    private readonly rounds: Rounds,
    @Inject(CONFIG) private readonly config: IntelConfig,
  ) {}

  onApplicationBootstrap(): void {
    const taking = this.rounds.every('taking back the word of those who are not believed', 300, (signal) =>
      this.takeBack(signal),
    );
    this.retractions.onAsked(taking.wake);
    this.rounds.every('forgetting old sightings', 6 * 3600, async () => {
      await this.sightings.forgetOld(new Date());
    });
  }

  /** Takes back what those have seen and thought whom nobody believes any more: of a few at a time, so that what is done stays done. */
  private async takeBack(signal: AbortSignal): Promise<void> {
    for (;;) {
      const asked = await this.database.query<{ witness: string; asked_at: Date }[]>(
        'select * from retractions order by asked_at, witness limit $1',
        [TAKEN_BACK_AT_ONCE],
      );
      if (asked.length === 0) return;
      const names = asked.map(({ witness }) => witness);
      await this.sightings.takeBack(names, signal);
      await this.feedback.takeBack(names, signal);
      await this.database.query(
        'delete from retractions r using json_to_recordset($1) as g(witness text, asked_at timestamptz) where r.witness = g.witness and r.asked_at = g.asked_at',
        [JSON.stringify(asked)],
      );
    }
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
  async hear({ contributor, node, site, items }: Heard, messageId: string): Promise<void> {
    const observations = items.flatMap((item): Observation[] => {
      const { title, release_key, seen_at, count } = item;
      const size_bucket = SizeBucket.safeParse(item.size_bucket).data ?? null;
      const parsed = Observation.safeParse({ site, title, release_key, size_bucket, seen_at, count });
      return parsed.success ? [parsed.data] : [];
    });
    // It is told once: a title that the catalogue has must not be unknown because the index of titles is a moment behind.
    if (observations.some(({ release_key }) => release_key == null)) await this.titles.upToDate();
    await onlyOnce(this.database.manager, messageId, 'intel.releases', async (manager) => {
      if (node !== undefined && (await isRevoked(manager, node))) return;
      const teller = node === undefined ? undefined : tellerOf(node);
      await this.sightings.takeIn(
        manager,
        { name: `mesh ${contributor}`, trust: TRUST_IN_NODES, ...(teller && { teller }) },
        observations,
        new Date(),
      );
    });
  }

  /** A node was revoked or let in again: of one that is revoked nothing is heard any more, and what it alone has seen is taken back. */
  async hearOfNode({ node, is_revoked, changed_at }: NodeChange, messageId: string): Promise<void> {
    await onlyOnce(this.database.manager, messageId, 'intel.nodes', async (manager) => {
      const rows = await manager.query<{ is_revoked: boolean }[]>(
        `insert into mesh_nodes as n (node_id, is_revoked, changed_at) values ($1, $2, $3)
         on conflict (node_id) do update set is_revoked = excluded.is_revoked, changed_at = excluded.changed_at
           where n.changed_at < excluded.changed_at returning is_revoked`,
        [node, is_revoked, changed_at],
      );
      if (rows[0]?.is_revoked === true) await this.retractions.askOfNode(manager, node);
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
  async entry(
    caller: Caller,
    key: string,
    given: { token?: string; authorization?: string },
  ): Promise<IndexEntry & { token_unknown: boolean }> {
    if (key.includes('/')) throw new AppError('not_found', 'Not Found');
    const { user_id, token_unknown } = await this.identities.whoAsks(caller, given);
    const live = await liveWork(this.database.manager, key);
    if (!live || live.retired === 'split') return { release_key: key, sites: [], token_unknown };
    const sites = await this.sitesOf(this.database.manager, [live.id], user_id);
    return {
      token_unknown,
      release_key: key,
      sites: sites.map(({ site, score, last_seen }) => ({ site, score, last_seen })),
    };
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

/** Whether a node is revoked; until the transaction ends, word of a change waits, so that what is taken in meanwhile is taken back by it. */
async function isRevoked(manager: EntityManager, node: string): Promise<boolean> {
  await manager.query(
    `insert into mesh_nodes (node_id, is_revoked, changed_at) values ($1, false, '-infinity') on conflict do nothing`,
    [node],
  );
  const rows = await manager.query<{ is_revoked: boolean }[]>(
    'select is_revoked from mesh_nodes where node_id = $1 for share',
    [node],
  );
  return rows[0]!.is_revoked;
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
    : `${path.join('.') || 'observation'}: ${message}`;
}
