import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, LOG } from '#libs/bootstrap/tokens';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import { Feed, type IntelNode, type addIntelNode, type saveIntelNode } from '#libs/contracts/intel-nodes';
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
import { hasRoomInAll, measuresOf, roomOf } from './measure.js';
import type { NodeEntity } from './node.entity.js';
import { takeBackRetired } from './retire-works.js';
import { takeInFeed } from './take-in-feed.js';

const PULL_S = 300;
/** A centre that was gone for hours is heard again within one. */
const LONGEST_PAUSE_S = 3600;
/** So many are heard at once, each on its way for so long and so much before the others have their turn. */
const LANES = 4;
const TURN_MS = 60_000;
const TURN_BYTES = 64 * 1024 * 1024;
const TURN_PAGES = 50;
/** The longest that is waited for a page, and the longest page. */
const PAGE_MS = 30_000;
const PAGE_BYTES = 16 * 1024 * 1024;
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
    for (let lane = 0; lane < LANES; lane++)
      this.rounds.every('pulling feeds of other centres', 60, (signal) => this.pullDue(signal));
  }

  async list(caller: Caller): Promise<IntelNode[]> {
    await this.roles.require(caller, 'contributor');
    return (await this.database.query<NodeEntity[]>('select * from nodes order by name')).map(withMeasures);
  }

  async add(
    caller: Caller,
    { name, url, public_key, tier, ...most }: InputOf<typeof addIntelNode>,
  ): Promise<IntelNode> {
    await this.roles.require(caller, 'admin');
    const address = this.outbound.check(url).href.replace(/\/+$/, '');
    const [node] = await this.database.query<NodeEntity[]>(
      `insert into nodes (name, url, public_key, tier, most_works, most_works_a_day, most_names, most_names_a_day, most_changes_a_day)
       select $1, $2, $3, $4, most_works, most_works_a_day, most_names, most_names_a_day, most_changes_a_day
       from json_populate_record(null::nodes, $5) on conflict (name) do nothing returning *`,
      [name, address, public_key, tier, JSON.stringify(most)],
    );
    if (!node) throw new AppError('conflict', `There is a node called ${name} already.`);
    return withMeasures(node);
  }

  /** With other measures or another tier there may be room for what was left out: the feed is followed again from there. */
  async save(
    caller: Caller,
    { node_id, tier, enabled, public_key, ...most }: InputOf<typeof saveIntelNode>,
  ): Promise<IntelNode> {
    await this.roles.require(caller, 'admin');
    const makesRoom = tier !== undefined || Object.keys(most).length > 0;
    const [[node]] = await this.database.query<[NodeEntity[], number]>(
      `update nodes n set tier = coalesce($2, n.tier), enabled = coalesce($3, n.enabled), public_key = coalesce($4, n.public_key),
         most_works = m.most_works, most_works_a_day = m.most_works_a_day, most_names = m.most_names,
         most_names_a_day = m.most_names_a_day, most_changes_a_day = m.most_changes_a_day,
         next_pull_at = case when $6 then least(n.next_pull_at, now()) else n.next_pull_at end
       from nodes o cross join lateral json_populate_record(o, $5) as m where o.id = n.id and n.id::text = $1 returning n.*`,
      [node_id, tier ?? null, enabled ?? null, public_key ?? null, JSON.stringify(most), makesRoom],
    );
    if (!node) return missing(node_id);
    return withMeasures(makesRoom ? await this.goBack(node) : node);
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
    await this.pull(node, new AbortController().signal, LONGEST_ANSWER_MS);
    const [after] = await this.database.query<NodeEntity[]>('select * from nodes where id = $1', [node.id]);
    return after ? withMeasures(after) : missing(id);
  }

  /** Pulls what is due, one after the other, beside the other lanes. */
  private async pullDue(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const [[node]] = await this.database.query<[NodeEntity[], number]>(
        `update nodes set next_pull_at = now() + make_interval(secs => $1) where id = (
           select id from nodes where enabled and next_pull_at <= now() order by next_pull_at limit 1 for update skip locked)
         returning *`,
        [PULL_S],
      );
      if (!node) return;
      await this.pull(node, signal, TURN_MS);
    }
  }

  /**
   * Follows a feed to its end, or as far as one turn goes, and goes on from there in the next, after all others that are due: at once, or
   * later if it has brought all that it may. What is wrong is written down, and tried again ever more seldom.
   */
  private async pull(node: NodeEntity, signal: AbortSignal, turnMs: number): Promise<void> {
    try {
      const more = await this.follow(node, signal, Date.now() + turnMs);
      await this.database.query(
        `update nodes set failures = 0, last_error = null, last_pulled_at = now(),
           next_pull_at = case when $2 and limit_met is null then now() else next_pull_at end where id = $1`,
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

  /**
   * Takes in page after page; true if there are more of them than one turn takes. A centre that was set back to an earlier day, so that
   * its numbers mean something else now, is followed from its beginning: what is the same is taken in without a trace.
   */
  private async follow(from: NodeEntity, signal: AbortSignal, until: number): Promise<boolean> {
    let node = await this.beginDay(from);
    let bytes = 0;
    for (let page = 0; page < TURN_PAGES && bytes < TURN_BYTES && Date.now() < until; page++) {
      if (roomOf(node).changes === 0) return false;
      const { feed, size } = await this.fetch(node, signal);
      bytes += size;
      if (wasSetBack(feed, node.cursor_at)) {
        node = await this.beginAnew(node);
        continue;
      }
      if (feed.to <= node.cursor) return false;
      const after = await takeInFeed(this.database, { ...node, source: sourceOf(node) }, feed);
      if (!after) return false;
      if (after.limit_met !== null && node.limit_met === null)
        this.log.warn({ node: node.name, limit: after.limit_met }, 'the centre has brought all that it may for now');
      if (!feed.more) return false;
      node = after;
    }
    return true;
  }

  /** On a new day a node may bring as much again, and what was left out comes if there is room for it. */
  private async beginDay(node: NodeEntity): Promise<NodeEntity> {
    const [[begun]] = await this.database.query<[NodeEntity[], number]>(
      `update nodes set works_today = 0, names_today = 0, changes_today = 0, counted_on = (now() at time zone 'utc')::date,
         limit_met = case when left_out_from is null then null else limit_met end
       where id = $1 and counted_on is distinct from (now() at time zone 'utc')::date returning *`,
      [node.id],
    );
    if (!begun) return node;
    return hasRoomInAll(begun) ? this.goBack(begun) : begun;
  }

  /** Follows the feed again from where something was left out, if it was; what has been taken in already changes nothing. */
  private async goBack(node: NodeEntity): Promise<NodeEntity> {
    const [[back]] = await this.database.query<[NodeEntity[], number]>(
      `update nodes set cursor = coalesce(left_out_from, cursor), limit_met = null, left_out_from = null, left_out_at = null,
         cursor_at = case when left_out_from is null then cursor_at else left_out_at end
       where id = $1 returning *`,
      [node.id],
    );
    return back ?? node;
  }

  private async beginAnew(node: NodeEntity): Promise<NodeEntity> {
    const { id, name, cursor } = node;
    this.log.warn({ node: name, cursor }, 'the centre was set back, it is followed from its beginning');
    await this.database.query(
      `update nodes set cursor = 0, cursor_at = null, left_out_from = null, left_out_at = null where id = $1 and cursor = $2`,
      [id, cursor],
    );
    return { ...node, cursor: 0, cursor_at: null };
  }

  private async fetch(
    { id, name, url, public_key, cursor: since }: NodeEntity,
    signal: AbortSignal,
  ): Promise<{ feed: Feed['signed']; size: number }> {
    const answer = await this.outbound.fetch(`${url}/v1/sync/feed?since=${since}`, {
      maxBytes: PAGE_BYTES,
      timeoutMs: PAGE_MS,
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
    return { feed: parsed.data.signed, size: answer.body.length };
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

/** With what it may bring in place of what its row leaves to its tier, and what it has brought today. */
const withMeasures = (node: NodeEntity): IntelNode => ({ ...node, ...measuresOf(node) });

const sourceOf = ({ name }: NodeEntity) => `node:${name}`;

function missing(id: string): never {
  throw new AppError('not_found', `There is no node ${id}.`);
}
