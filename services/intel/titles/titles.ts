import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, LOG } from '#libs/bootstrap/tokens';
import type { Log } from '#libs/observability/logger';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import { openTitleIndex } from '#libs/titles/open-title-index';
import type { TitleIndex } from '#libs/titles/title-index';
import type { IntelConfig } from '../config.js';
import { Rounds } from '../rounds.js';
import type { FeedRow } from '../works/feed-row.js';
import { buildAside } from './build-aside.js';
import { buildFromDatabase } from './build-from-database.js';
import { readTitle, type TitleReading } from '#libs/titles/read-title';
import { rowsAside } from './rows-aside.js';

const FOLLOW_S = 0.5;
/** With more changes than this at once, or in all, the index is built anew; as many are laid over it meanwhile. */
const MOST_AT_ONCE = 400;
const MOST_LAID = 3000;
/** A smaller index is built before a thread would have begun. */
const WORTH_A_THREAD = 500;

interface Change {
  seq: number;
  kind: string;
  key: string;
  body: FeedRow;
}

/**
 * The title index in memory: built from the database beside the work and put in place of the old one in one step; what changes is
 * laid over it within a second, also while a new one is built.
 */
@Injectable()
export class Titles implements OnApplicationBootstrap {
  private index: TitleIndex = openTitleIndex(buildTitleIndex([]));
  /** Every change up to this number is found; so many of them are laid over the index. */
  private seq = -1;
  private laid = 0;
  /** Whether there are more changes than are laid over an index. */
  private isBehind = true;
  private built: { index: TitleIndex; seq: number } | undefined;
  private building: Promise<void> | undefined;
  private following: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: DataSource,
    private readonly rounds: Rounds,
    @Inject(CONFIG) private readonly config: IntelConfig,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.every('building the title index', FOLLOW_S, async (signal) => {
      if (this.isBehind) await this.rebuild(signal);
    });
    this.rounds.every('following the catalogue', FOLLOW_S, () => this.follow());
  }

  /** What a title or release name says and which works it may mean. */
  read(text: string, limit = 5): TitleReading {
    return readTitle(this.index, text, limit);
  }

  /** The one work it surely means. */
  surely(text: string): TitleReading['match'] {
    return this.read(text).match;
  }

  search(text: string, limit: number, hints: { type?: string; year?: number }) {
    return this.index.search(text, { limit, ...hints });
  }

  /** Resolves once everything written before now is found. */
  async upToDate(signal = new AbortController().signal): Promise<void> {
    const [{ head }] = await this.database.query<[{ head: number }]>(
      `select coalesce(max(seq), 0) as head from changes where kind in ('work', 'redirect')`,
    );
    await this.follow();
    while (this.seq < head) await (this.isBehind ? this.rebuild(signal) : this.follow());
  }

  /** One step after the other: a new index is put in place of the old one between two of them. */
  private follow(): Promise<void> {
    const step = this.following.catch(() => undefined).then(() => this.step());
    this.following = step;
    return step;
  }

  private async step(): Promise<void> {
    if (this.built) await this.adopt(this.built);
    if (this.seq < 0) return;
    const room = Math.min(MOST_AT_ONCE, MOST_LAID - this.laid);
    const changes = await this.changes('seq > $1 order by seq limit $2', [this.seq, room + 1]);
    if (changes.length > room) this.isBehind = true;
    const next = changes.slice(0, room);
    await this.lay(this.index, next);
    this.laid += next.length;
    this.seq = next.at(-1)?.seq ?? this.seq;
  }

  /** Puts a new index in place, not before it has what was laid over the old one since the new one was begun. */
  private async adopt(built: { index: TitleIndex; seq: number }): Promise<void> {
    const since = await this.changes('seq > $1 and seq <= $2 order by seq', [built.seq, this.seq]);
    await this.lay(built.index, since);
    this.index = built.index;
    this.seq = Math.max(this.seq, built.seq);
    this.laid = since.length;
    this.isBehind = false;
    this.built = undefined;
  }

  private changes(which: string, values: readonly number[]): Promise<Change[]> {
    return this.database.query(
      `select seq, kind, key, body from changes where kind in ('work', 'redirect') and ${which}`,
      [...values],
    );
  }

  /** Lays changes over an index: each work as it was last said to be. */
  private async lay(index: TitleIndex, changes: readonly Change[]): Promise<void> {
    const last = [...new Map(changes.map((change) => [change.key, change])).values()];
    const works = last.filter(({ kind }) => kind === 'work').map(({ body }) => body);
    const made = await rowsAside(works);
    const rows = new Map(works.map((work, at) => [work, made[at]]));
    const young = new Map(last.map(({ key, body }) => [key, rows.get(body)] as const));
    index.remove([...young].flatMap(([key, row]) => (row ? [] : [key])));
    const present = [...young.values()].filter((row) => row !== undefined);
    if (present.length > 0) index.add(present);
  }

  /** Builds and adopts a new index; whoever asks meanwhile waits for the same one. */
  private rebuild(signal: AbortSignal): Promise<void> {
    this.building ??= this.build(signal).finally(() => {
      this.building = undefined;
    });
    return this.building;
  }

  private async build(signal: AbortSignal): Promise<void> {
    const began = performance.now();
    const [{ few }] = await this.database.query<[{ few: boolean }]>(
      'select count(*) < $1 as few from (select from works limit $1) as these',
      [WORTH_A_THREAD],
    );
    const url = this.config.DATABASE_URL;
    const { bytes, seq, works } = await (few ? buildFromDatabase(url) : buildAside(url, signal));
    this.built = { index: openTitleIndex(bytes, { verify: false }), seq };
    await this.follow();
    this.log.info({ works, bytes: bytes.length, ms: Math.round(performance.now() - began) }, 'title index built');
  }
}
