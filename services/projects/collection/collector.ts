import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, LOG } from '#libs/bootstrap/tokens';
import type { Log } from '#libs/observability/logger';
import { metrics } from '#libs/observability/metrics';
import type { ProjectsConfig } from '../config.js';
import { collectCommits } from './collect-commits.js';
import { collectObjects } from './collect-objects.js';
import type { Grace } from './dead-commits.query.js';

const HOUR_MS = 60 * 60_000;
const EVERY_MS = 24 * HOUR_MS;
/** Not while everything starts. */
const FIRST_AFTER_MS = HOUR_MS;
/** Any number, the same in every replica. */
const ONE_AT_A_TIME = 730_502_311;

export interface Collected {
  commits: number;
  objects: number;
  /** What the objects took in the database, without their indexes. */
  bytes: number;
  revisions: number;
}

/** Once a day takes away what nothing needs any more: commits, nodes of documents, and old saves of workspaces. */
@Injectable()
export class Collector implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private underway: Promise<unknown> | undefined;
  private isStopping = false;

  constructor(
    private readonly database: DataSource,
    @Inject(CONFIG) private readonly config: ProjectsConfig,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.wait(FIRST_AFTER_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    await this.underway;
  }

  /** Collects now; null when another replica is at it. */
  async collect({ days }: Grace): Promise<Collected | null> {
    await using turn = this.database.createQueryRunner();
    const [row] = (await turn.query('select pg_try_advisory_lock($1) as mine', [ONE_AT_A_TIME])) as { mine: boolean }[];
    if (!row!.mine) return null;
    try {
      const { manager } = this.database;
      const commits = await collectCommits(manager, { days });
      const { objects, bytes } = await collectObjects(manager, { days });
      const [, revisions] = await manager.query<[unknown[], number]>(
        'delete from workspace_revisions where saved_at < now() - make_interval(days => $1)',
        [days],
      );
      return { commits, objects, bytes, revisions };
    } finally {
      await turn.query('select pg_advisory_unlock($1)', [ONE_AT_A_TIME]);
    }
  }

  private tell(collected: Collected): void {
    this.log.info(collected, 'took away what nothing needs any more');
    for (const [what, count] of Object.entries(collected))
      metrics.collected.inc({ service: 'projects', what }, count as number);
  }

  private wait(pause: number): void {
    if (this.isStopping) return;
    this.timer = setTimeout(() => {
      this.underway = this.collect({ days: this.config.COLLECT_AFTER_DAYS })
        .then((collected) => collected && this.tell(collected))
        .catch((error: unknown) => this.log.warn({ err: error }, 'could not take away what nothing needs'))
        .finally(() => this.wait(EVERY_MS));
    }, pause);
    this.timer.unref();
  }
}
