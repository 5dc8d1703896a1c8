import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import type { ReadableStream } from 'node:stream/web';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { LOG } from '#libs/bootstrap/tokens';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import { ClaimsPage, type listClaims } from '#libs/contracts/mesh-operators';
import { AppError } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';
import { limited } from '#libs/outbound/limited';
import { isWithinReach, supersedes } from '../domain/claim.js';
import { Engine } from '../engine.js';
import { Leases } from '../leases/leases.js';
import { Sites } from '../sites/sites.js';
import { identityOf, isSignedBy, type Identity } from './identity.js';
import type { PeerSetting } from './peer-settings.js';

const GOOD_FOR_S = 300;
const ANSWER_MS = 10_000;
/** No page is longer, and whoever has more of them is followed on in the next round. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_PAGES = 100;
const POSITION = /^(\d{1,20})\.(\d{1,10})$/;

/**
 * The claims of other clusters. Each cluster publishes, signed, which cluster it knows to own each site; each follows its
 * peers' pages and believes the higher epoch. A site that a peer gave to us becomes ours that way, one that a peer has
 * claimed over us stops being leased here, what is being crawled of it ends with the next heartbeat, and a node that asks for it is told where it is.
 */
@Injectable()
export class Peers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private identity: Identity | undefined;
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private isClosed = false;

  constructor(
    @Inject(LOG) private readonly log: Log,
    private readonly database: DataSource,
    private readonly engine: Engine,
    private readonly sites: Sites,
    private readonly leases: Leases,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.identity = await identityOf(this.engine.pool, this.engine.seals);
    if (this.engine.config.MESH_PEERS.length > 0) this.goOn(0);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.round;
  }

  get publicKey(): string {
    return this.identity!.publicKey;
  }

  /** A page of what is known here of the claims, for a peer that this cluster follows too. */
  async page({ peer, after, limit }: InputOf<typeof listClaims>): Promise<OutputOf<typeof listClaims>> {
    this.mustBePeer(peer);
    const { MESH_CLUSTER, MESH_PUBLIC_URL } = this.engine.config;
    const [, xact = '0', id = '0'] = POSITION.exec(after ?? '') ?? [];
    const rows = await this.database.query<
      { id: number; site_id: string; owner: string; url: string | null; epoch: number; at: string }[]
    >(
      `select id, site_id, coalesce(owner, $1) as owner, case when owner is null then $2 else owner_url end as url, claim_epoch as epoch,
         claimed_in::text as at
       from sites where (claimed_in, id) > ($3::text::xid8, $4::int) and claimed_in < pg_snapshot_xmin(pg_current_snapshot())
       order by claimed_in, id limit $5`,
      [MESH_CLUSTER, MESH_PUBLIC_URL ?? null, xact, Number(id), limit],
    );
    const last = rows.at(-1);
    const page: ClaimsPage = {
      cluster: MESH_CLUSTER,
      claims: rows.map(({ site_id, owner, url, epoch }) => ({ site_id, owner, url, epoch })),
      after: last === undefined ? after : `${last.at}.${last.id}`,
      complete: rows.length < limit,
    };
    const signed = JSON.stringify(page);
    return { signed, signature: this.identity!.sign(signed) };
  }

  private mustBePeer(shown: string | null): void {
    const [, name, seconds, signature] = /^(.+)\.(\d{1,12})\.([\w-]{86})$/.exec(shown ?? '') ?? [];
    const peer = this.engine.config.MESH_PEERS.find((one) => one.name === name);
    const isGood =
      peer !== undefined &&
      Math.abs(Number(seconds) - this.engine.now() / 1000) < GOOD_FOR_S &&
      isSignedBy(peer.publicKey, wishOf(this.engine.config.MESH_CLUSTER, name!, Number(seconds)), signature!);
    if (!isGood)
      throw new AppError(
        'unauthorized',
        'Only clusters that this one follows may read its claims, with a signed wish.',
      );
  }

  private goOn(ms: number): void {
    if (this.isClosed) return;
    this.timer = setTimeout(() => {
      this.round = this.followAll().finally(() => this.goOn(this.engine.config.MESH_PEERS_EVERY_S * 1000));
    }, ms);
  }

  /** One replica follows for all. */
  private async followAll(): Promise<void> {
    if (!this.engine.isFirst) return;
    for (const peer of this.engine.config.MESH_PEERS)
      await this.follow(peer).catch((error: unknown) => {
        this.log.warn({ err: error, peer: peer.name }, 'the claims of a peer could not be followed, it is tried again');
      });
  }

  private async follow(peer: PeerSetting): Promise<void> {
    const { rows } = await this.engine.pool.query<{ followed: string | null }>(
      `insert into peers (name, url) values ($1, $2) on conflict (name) do update set url = excluded.url returning followed`,
      [peer.name, peer.url],
    );
    let { followed } = rows[0]!;
    for (let pages = 0; pages < MOST_PAGES && !this.isClosed; pages++) {
      const page = await this.fetchPage(peer, followed);
      await this.take(peer, page);
      if (page.complete) return;
      followed = page.after;
    }
  }

  private async fetchPage(peer: PeerSetting, after: string | null): Promise<ClaimsPage> {
    const { MESH_CLUSTER } = this.engine.config;
    const seconds = Math.round(this.engine.now() / 1000);
    const signature = this.identity!.sign(wishOf(peer.name, MESH_CLUSTER, seconds));
    const signal = AbortSignal.timeout(ANSWER_MS);
    const answer = await fetch(
      `${peer.url}/v1/mesh/claims${after === null ? '' : `?after=${encodeURIComponent(after)}`}`,
      {
        headers: { 'x-mesh-peer': `${MESH_CLUSTER}.${seconds}.${signature}` },
        redirect: 'error',
        signal,
      },
    );
    if (!answer.ok)
      throw new AppError('unavailable', `${peer.name} answered ${answer.status} when asked for its claims.`);
    const body = Readable.fromWeb(answer.body as ReadableStream);
    const said = (await json(limited(body, MOST_BYTES, signal, peer.name))) as {
      signed?: unknown;
      signature?: unknown;
    };
    const { signed, signature: theirs } = said;
    if (typeof signed !== 'string' || typeof theirs !== 'string' || !isSignedBy(peer.publicKey, signed, theirs))
      throw new AppError('unavailable', `What ${peer.url} says is not signed by ${peer.name}.`);
    const page = ClaimsPage.parse(JSON.parse(signed));
    if (page.cluster !== peer.name)
      throw new AppError('unavailable', `${peer.url} is ${page.cluster}, not ${peer.name}.`);
    return page;
  }

  /** Writes down what is news, with how far the peer was followed. */
  private async take(peer: PeerSetting, { claims, after }: ClaimsPage): Promise<void> {
    const { MESH_CLUSTER } = this.engine.config;
    const { changed, yielded } = await this.database.transaction(async (manager) => {
      const names = claims.map(({ site_id }) => site_id);
      const before = await this.sites.known(manager, names);
      const ids = await this.sites.idsOf(manager, names);
      const known = await manager.query<{ id: number; owner: string; epoch: number }[]>(
        'select id, coalesce(owner, $2) as owner, claim_epoch as epoch from sites where id = any($1) order by id for update',
        [[...ids.values()], MESH_CLUSTER],
      );
      const ours = new Map(known.map((site) => [site.id, site]));
      const changed: number[] = [];
      const yielded: number[] = [];
      for (const claim of claims) {
        const id = ids.get(claim.site_id)!;
        if (!isWithinReach(claim.epoch, ours.get(id)!.epoch)) {
          await this.note(manager, { peer, act: 'site.claim_refused', site: id, claim });
          continue;
        }
        // A site that is heard of for the first time was claimed by nobody here.
        if (before.has(claim.site_id) && !supersedes(claim, ours.get(id)!)) continue;
        const isOurs = claim.owner === MESH_CLUSTER;
        const url = claim.url ?? (claim.owner === peer.name ? peer.url : null);
        await manager.query(
          `update sites set owner = $2, owner_url = $3, claim_epoch = $4, claimed_in = pg_current_xact_id(), version = version + 1, updated_at = now()
           where id = $1`,
          [id, isOurs ? null : claim.owner, isOurs ? null : url, claim.epoch],
        );
        await this.note(manager, { peer, act: isOurs ? 'site.received' : 'site.yielded', site: id, claim });
        changed.push(id);
        if (!isOurs) yielded.push(id);
      }
      await manager.query('update peers set followed = $2, followed_at = now(), seen_at = now() where name = $1', [
        peer.name,
        after,
      ]);
      return { changed, yielded };
    });
    if (changed.length > 0) await this.engine.sitesChanged(changed);
    if (yielded.length > 0) await this.leases.releaseSites(yielded);
  }

  private note(
    manager: EntityManager,
    { peer, act, site, claim }: { peer: PeerSetting; act: string; site: number; claim: ClaimsPage['claims'][number] },
  ): Promise<void> {
    const { site_id: subject, owner, epoch } = claim;
    return this.engine.audit.write((sql, values) => manager.query(sql, values), {
      actor: `cluster:${peer.name}`,
      act,
      subject,
      site,
      epoch,
      details: { owner },
    });
  }
}

/** What a peer signs when it asks for claims: whom it asks, who it is, and when. */
const wishOf = (of: string, by: string, seconds: number): string => `claims of ${of} for ${by} at ${seconds}`;
