import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, LOG } from '#libs/bootstrap/tokens';
import type { Log } from '#libs/observability/logger';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import { openTitleIndex, type TitleIndex } from '#libs/titles/open-title-index';
import type { IntelConfig } from '../config.js';
import { Rounds } from '../rounds.js';
import type { FeedRow } from '../works/feed-row.js';
import { buildAside } from './build-aside.js';
import { buildFromDatabase } from './build-from-database.js';
import { readTitle, type TitleReading } from '#libs/titles/read-title';
import { rowsAside } from './rows-aside.js';

const FOLLOW_S = 0.5;
/** With more changes than this at once, or in all, the index is built anew instead of being added to. */
const MOST_AT_ONCE = 400;
const MOST_ADDED = 3000;
/** A smaller index is built before a thread would have begun. */
const WORTH_A_THREAD = 500;

/**
 * The title index in memory: built from the database beside the work and put in place of the old one in one step; what
 * changes in between is laid over it within a second.
 */
@Injectable()
export class Titles implements OnApplicationBootstrap {
  private index: TitleIndex = openTitleIndex(buildTitleIndex([]));
  private seq = -1;
  private added = 0;
  private building: Promise<void> | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly rounds: Rounds,
    @Inject(CONFIG) private readonly config: IntelConfig,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.every('following the catalogue', FOLLOW_S, (signal) => this.follow(signal));
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
    // A build that is under way may have begun before what is asked for was written.
    while (this.building) await this.building;
    await this.follow(signal);
  }

  private async follow(signal: AbortSignal): Promise<void> {
    if (this.seq < 0) {
      await this.rebuild(signal);
      return;
    }
    if (this.building) return;
    const changes = await this.database.query<{ seq: number; kind: string; key: string; body: FeedRow }[]>(
      `select seq, kind, key, body from changes where seq > $1 and kind in ('work', 'redirect') order by seq limit $2`,
      [this.seq, MOST_AT_ONCE + 1],
    );
    if (changes.length === 0) return;
    if (changes.length > MOST_AT_ONCE || this.added + changes.length > MOST_ADDED) {
      await this.rebuild(signal);
      return;
    }
    await this.lay(changes);
    this.seq = changes.at(-1)!.seq;
  }

  /** Lays changes over the index: each work as it was last said to be. */
  private async lay(changes: readonly { kind: string; key: string; body: FeedRow }[]): Promise<void> {
    const last = [...new Map(changes.map((change) => [change.key, change])).values()];
    const works = last.filter(({ kind }) => kind === 'work').map(({ body }) => body);
    const made = await rowsAside(works);
    const rows = new Map(works.map((work, at) => [work, made[at]]));
    const young = new Map(last.map(({ key, body }) => [key, rows.get(body)] as const));
    this.index.remove([...young].flatMap(([key, row]) => (row ? [] : [key])));
    const present = [...young.values()].filter((row) => row !== undefined);
    if (present.length > 0) this.index.add(present);
    this.added += present.length;
  }

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
    this.index = openTitleIndex(bytes, { verify: false });
    this.seq = seq;
    this.added = 0;
    this.log.info({ works, bytes: bytes.length, ms: Math.round(performance.now() - began) }, 'title index built');
  }
}
