import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, LOG } from '#libs/bootstrap/tokens';
import type { Caller } from '#libs/contracts/caller';
import { Feed, type IntelNode } from '#libs/contracts/intel-nodes';
import { AppError } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';
import { Outbound } from '#libs/outbound/outbound';
import { canonicalText, utf8 } from '#libs/snapshot/canonical-text';
import { verify } from '#libs/snapshot/signing';
import { Roles } from '../access/roles.js';
import type { IntelConfig } from '../config.js';
import { Rounds } from '../rounds.js';
import { takeTurn } from '../changes/changes.js';
import { tellOf } from '../works/take-in-works.js';
import { toldBy, unsay } from '../works/tellers.js';
import type { NodeEntity } from './node.entity.js';
import { takeBackRetired } from './retire-works.js';
import { takeInFeed } from './take-in-feed.js';

const PULL_S = 300;
/** A centre that was gone for hours is heard again within one. */
const LONGEST_PAUSE_S = 3600;
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_PAGES = 50;
/** How long whoever asks for a pull waits for it. */
const LONGEST_ANSWER_MS = 20_000;

/** Other intel centres: their signed feeds are pulled, each from where it was left, and taken in below what is said here. */
@Injectable()
export class Nodes implements OnApplicationBootstrap {
  private readonly outbound: Outbound;

  constructor(
    private readonly database: DataSource,
    private readonly roles: Roles,
    private readonly rounds: Rounds,
    @Inject(CONFIG) config: IntelConfig,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.outbound = new Outbound(config.OUTBOUND_ALLOWED_HOSTS);
  }

  onApplicationBootstrap(): void {
    this.rounds.every('pulling feeds of other centres', 60, (signal) => this.pullDue(signal));
  }

  async list(caller: Caller): Promise<IntelNode[]> {
    await this.roles.require(caller, 'contributor');
    return this.database.query('select * from nodes order by name');
  }

  async add(
    caller: Caller,
    { name, url, public_key, tier }: Pick<NodeEntity, 'name' | 'url' | 'public_key' | 'tier'>,
  ): Promise<IntelNode> {
    await this.roles.require(caller, 'admin');
    const address = this.outbound.check(url).href.replace(/\/+$/, '');
    const rows = await this.database.query<IntelNode[]>(
      'insert into nodes (name, url, public_key, tier) values ($1, $2, $3, $4) on conflict (name) do nothing returning *',
      [name, address, public_key, tier],
    );
    if (!rows[0]) throw new AppError('conflict', `There is a node called ${name} already.`);
    return rows[0];
  }

  async save(caller: Caller, id: string, { tier, enabled, public_key }: Partial<NodeEntity>): Promise<IntelNode> {
    await this.roles.require(caller, 'admin');
    const [rows] = await this.database.query<[IntelNode[], number]>(
      `update nodes set tier = coalesce($2, tier), enabled = coalesce($3, enabled), public_key = coalesce($4, public_key)
       where id::text = $1 returning *`,
      [id, tier ?? null, enabled ?? null, public_key ?? null],
    );
    return rows[0] ?? missing(id);
  }

  async remove(caller: Caller, id: string): Promise<{ ok: true }> {
    await this.roles.require(caller, 'admin');
    return this.database.transaction(async (manager) => {
      await takeTurn(manager);
      const [[node]] = await manager.query<[NodeEntity[], number]>(
        'delete from nodes where id::text = $1 returning *',
        [id],
      );
      if (!node) return missing(id);
      const source = sourceOf(node);
      const undone = await takeBackRetired(manager, source);
      const silenced = await unsay(manager, source, await toldBy(manager, source));
      await tellOf(manager, [...new Set([...undone, ...silenced])]);
      return { ok: true };
    });
  }

  async pullNow(caller: Caller, id: string): Promise<IntelNode> {
    await this.roles.require(caller, 'admin');
    const [node] = await this.database.query<NodeEntity[]>('select * from nodes where id::text = $1', [id]);
    if (!node) return missing(id);
    await this.pull(node, new AbortController().signal, Date.now() + LONGEST_ANSWER_MS);
    const [after] = await this.database.query<IntelNode[]>('select * from nodes where id = $1', [node.id]);
    return after ?? missing(id);
  }

  private async pullDue(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const [[node]] = await this.database.query<[NodeEntity[], number]>(
        `update nodes set next_pull_at = now() + make_interval(secs => $1) where id = (
           select id from nodes where enabled and next_pull_at <= now() order by next_pull_at limit 1 for update skip locked)
         returning *`,
        [PULL_S],
      );
      if (!node) return;
      await this.pull(node, signal);
    }
  }

  /**
   * Follows a feed to its end, or for as long as there is time, and goes on from there in the next round; what is wrong is written
   * down, and tried again ever more seldom. A centre that was set back to an earlier day, so that its numbers mean something else
   * now, is followed from its beginning: what is the same is taken in without a trace.
   */
  private async pull(node: NodeEntity, signal: AbortSignal, until = Infinity): Promise<void> {
    try {
      let { cursor, cursor_at } = node;
      let more = true;
      for (let page = 0; more && page < MOST_PAGES && Date.now() < until; page++) {
        const feed = await this.fetch(node, cursor, signal);
        if (wasSetBack(feed, cursor_at)) {
          await this.beginAnew(node, cursor);
          [cursor, cursor_at] = [0, null];
          continue;
        }
        if (feed.to > cursor) await takeInFeed(this.database, { ...node, source: sourceOf(node) }, feed, cursor);
        more = feed.more && feed.to > cursor;
        [cursor, cursor_at] = [feed.to, feed.to_at ? new Date(feed.to_at) : null];
      }
      await this.database.query(
        `update nodes set failures = 0, last_error = null, last_pulled_at = now(),
           next_pull_at = case when $2 then now() else next_pull_at end where id = $1`,
        [node.id, more],
      );
    } catch (error) {
      await this.database.query(
        `update nodes set failures = failures + 1, last_error = $2,
           next_pull_at = now() + least($3, 60 * 2 ^ least(failures, 9)) * interval '1 second' where id = $1`,
        [node.id, AppError.from(error).message, LONGEST_PAUSE_S],
      );
    }
  }

  private async beginAnew({ id, name }: NodeEntity, cursor: number): Promise<void> {
    this.log.warn({ node: name, cursor }, 'the centre was set back, it is followed from its beginning');
    await this.database.query('update nodes set cursor = 0, cursor_at = null where id = $1 and cursor = $2', [
      id,
      cursor,
    ]);
  }

  private async fetch(
    { id, name, url, public_key }: NodeEntity,
    since: number,
    signal: AbortSignal,
  ): Promise<Feed['signed']> {
    const answer = await this.outbound.fetch(`${url}/v1/sync/feed?since=${since}`, {
      maxBytes: MOST_BYTES,
      timeoutMs: 30_000,
      signal,
    });
    if (answer.status !== 200) throw new AppError('unavailable', `${name} answers ${answer.status}.`);
    let value: unknown;
    try {
      value = JSON.parse(answer.body.toString('utf8'));
    } catch {
      throw new AppError('invalid', `${name} answers with something that is not JSON.`);
    }
    const { signed, signatures } = (value ?? {}) as { signed?: unknown; signatures?: { sig?: unknown }[] };
    const text = utf8(canonicalText(signed));
    const sigs = Array.isArray(signatures) ? signatures.slice(0, 4) : [];
    const isSignedBy = async (key: string) =>
      (await Promise.all(sigs.map((one) => verify(key, String(one?.sig), text)))).includes(true);
    if (!(await isSignedBy(public_key)))
      throw new AppError('unauthorized', `The feed of ${name} is not signed by its key.`);
    const parsed = Feed.safeParse(value);
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0]!;
      throw new AppError('invalid', `The feed of ${name} cannot be read: ${path.join('.')}: ${message}`);
    }
    if (parsed.data.signed.from !== since)
      throw new AppError('invalid', `The feed of ${name} begins at ${parsed.data.signed.from}, not at ${since}.`);
    const { key } = parsed.data.signed;
    if (key !== undefined && key !== public_key && (await isSignedBy(key)))
      await this.takeOver({ id, name, public_key }, key);
    return parsed.data.signed;
  }

  /** The key that we know says by which one it is followed; what an administrator has set meanwhile stays. */
  private async takeOver(
    { id, name, public_key }: Pick<NodeEntity, 'id' | 'name' | 'public_key'>,
    key: string,
  ): Promise<void> {
    const [, changed] = await this.database.query<[unknown[], number]>(
      'update nodes set public_key = $3 where id = $1 and public_key = $2',
      [id, public_key, key],
    );
    if (changed > 0) this.log.warn({ node: name, key }, 'the centre signs its feed by another key from now on');
  }
}

/** It has not come as far as we have heard, or the change that we heard last was made at another time. */
const wasSetBack = ({ from, head, from_at }: Feed['signed'], cursor_at: Date | null): boolean =>
  (head !== undefined && head < from) ||
  (cursor_at !== null && from_at !== undefined && Date.parse(from_at) !== cursor_at.getTime());

const sourceOf = ({ name }: NodeEntity) => `node:${name}`;

function missing(id: string): never {
  throw new AppError('not_found', `There is no node ${id}.`);
}
