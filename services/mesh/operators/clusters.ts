import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type * as contract from '#libs/contracts/mesh-operators';
import { AppError } from '#libs/errors/app-error';
import { isWithinReach } from '../domain/claim.js';
import { Engine } from '../engine.js';
import { onlyAdmins } from '../nodes/credentials.js';
import { FENCE } from '../leases/statements/revoke.js';
import { Sites } from '../sites/sites.js';
import { Peers } from './peers.js';

/**
 * Which cluster crawls a site. The owner's database decides: a claim moves from the epoch that the claimant knows, only
 * while no lease on the site is alive, and only the owner can give a site away, so that two clusters never own it at once.
 * A site that is crawled without a pause is given away by asking with `drain_s` until it is free.
 */
@Injectable()
export class Clusters {
  constructor(
    private readonly database: DataSource,
    private readonly engine: Engine,
    private readonly sites: Sites,
    private readonly peersOf: Peers,
  ) {}

  async peers(caller: Caller): Promise<OutputOf<typeof contract.listPeers>> {
    onlyAdmins(caller);
    const peers = await this.database.query<{ name: string; url: string; sites: number; followed_at: Date | null }[]>(
      `select p.name, p.url, p.followed_at, (select count(*)::int from sites t where t.owner = p.name) as sites from peers p order by p.name`,
    );
    const { MESH_CLUSTER, MESH_PUBLIC_URL } = this.engine.config;
    return { cluster: MESH_CLUSTER, url: MESH_PUBLIC_URL ?? null, public_key: this.peersOf.publicKey, peers };
  }

  /**
   * Two sides write a claim down. The owner hands the site over: `expected_epoch` must be its own, and the next one is the
   * answer. Whoever receives it says so on its own side with that epoch, which must be greater than what it knows.
   */
  async claim(caller: Caller, wish: InputOf<typeof contract.claimSite>): Promise<OutputOf<typeof contract.claimSite>> {
    const actor = onlyAdmins(caller);
    const { MESH_CLUSTER, MESH_PUBLIC_URL } = this.engine.config;
    const given = await this.database.transaction(async (manager) => {
      const site = (await this.sites.idsOf(manager, [wish.site_id])).get(wish.site_id)!;
      await manager.query(
        'select 1 from slots where group_id = (select group_id from sites where id = $1) order by id for update',
        [site],
      );
      await manager.query(FENCE, [site]);
      const [now] = await manager.query<
        { owner: string | null; owner_url: string | null; claim_epoch: number; live_s: number | null }[]
      >(
        `select owner, owner_url, claim_epoch, (select extract(epoch from max(s.eligible_at) - now())::float8
           from slots s where s.site = t.id and s.job is not null and s.eligible_at > now()) as live_s
         from sites t where id = $1 for update`,
        [site],
      );
      const { owner, claim_epoch, live_s } = now!;
      if (claim_epoch !== wish.expected_epoch)
        throw new AppError(
          'conflict',
          `The claim on ${wish.site_id} is at epoch ${claim_epoch}, not ${wish.expected_epoch}.`,
          {
            reason: 'claim_moved',
            epoch: claim_epoch,
            owner: owner ?? MESH_CLUSTER,
          },
        );
      if (wish.epoch !== null && !isWithinReach(wish.epoch, claim_epoch))
        throw new AppError(
          'invalid',
          `No site was handed over ${wish.epoch} times; ${wish.site_id} is at epoch ${claim_epoch}.`,
          { reason: 'unprocessable' },
        );
      const isTaking = wish.cluster === MESH_CLUSTER && owner !== null;
      if (owner !== null && !isTaking)
        throw new AppError('conflict', `${wish.site_id} is owned by ${owner}; only it can give the site away.`, {
          reason: 'owned_elsewhere',
          owner,
          url: now!.owner_url,
        });
      if (isTaking && (wish.epoch ?? 0) <= claim_epoch)
        throw new AppError(
          'conflict',
          `Take ${wish.site_id} with the epoch that ${owner} answered, greater than ${claim_epoch}.`,
          {
            reason: 'claim_moved',
            epoch: claim_epoch,
          },
        );
      if (live_s !== null) {
        if (wish.drain_s !== null) await this.drain(manager, { site, actor, wish });
        return { site, beingCrawledForS: live_s };
      }
      const epoch = wish.epoch !== null && wish.epoch > claim_epoch ? wish.epoch : claim_epoch + 1;
      const isOurs = wish.cluster === MESH_CLUSTER;
      await manager.query(
        `update sites set owner = $2, owner_url = $3, claim_epoch = $4, claimed_in = pg_current_xact_id(), drained_until = null,
           version = version + 1, updated_at = now() where id = $1`,
        [site, isOurs ? null : wish.cluster, isOurs ? null : wish.url, epoch],
      );
      if (!isOurs)
        await manager.query(
          'insert into peers (name, url) values ($1, $2) on conflict (name) do update set url = excluded.url, seen_at = now()',
          [wish.cluster, wish.url],
        );
      const act = { actor, act: 'site.claimed', subject: wish.site_id, site, epoch, details: { owner: wish.cluster } };
      await this.engine.audit.write((sql, values) => manager.query(sql, values), act);
      const url = isOurs ? (MESH_PUBLIC_URL ?? null) : wish.url;
      return { site, answer: { site_id: wish.site_id, owner: wish.cluster, url, epoch } };
    });
    await this.engine.sitesChanged([given.site]);
    if (given.answer !== undefined) return given.answer;
    const { beingCrawledForS } = given;
    const meanwhile = wish.drain_s === null ? '' : ' No new lease is given meanwhile.';
    throw new AppError(
      'conflict',
      `${wish.site_id} is being crawled right now; try again when its lease has ended.${meanwhile}`,
      { reason: 'leased', retry_after_s: Math.max(1, Math.ceil(Math.min(beingCrawledForS, 30))) },
    );
  }

  /** No new leases for so long, while the last one comes to its end; what blocks the site beside that stays as it is. */
  private async drain(
    manager: EntityManager,
    { site, actor, wish }: { site: number; actor: string; wish: InputOf<typeof contract.claimSite> },
  ): Promise<void> {
    await manager.query(
      `update sites set drained_until = now() + $2 * interval '1 s', version = version + 1, updated_at = now() where id = $1`,
      [site, wish.drain_s],
    );
    const details = { for: wish.cluster, drain_s: wish.drain_s };
    const act = { actor, act: 'site.drained', subject: wish.site_id, site, details };
    await this.engine.audit.write((sql, values) => manager.query(sql, values), act);
  }
}
