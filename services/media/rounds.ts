import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { LOG } from '#libs/bootstrap/tokens';
import type { Log } from '#libs/observability/logger';
import { metrics } from '#libs/observability/metrics';
import { Showing } from './assets/showing.js';
import { Collect } from './collection/collect.js';
import { Orphans } from './collection/orphans.js';
import { Jobs } from './jobs/jobs.js';
import { Derive } from './renditions/derive.js';
import { VerifyUpload } from './uploads/verify-upload.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const ROUNDS = { jobs: 15 * SECOND, showing: MINUTE, collect: 30 * MINUTE, orphans: 24 * 60 * MINUTE };

/** What the service does unasked: jobs that are due, what is open and closed to the world, what is no longer needed. */
@Injectable()
export class Rounds implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly jobs: Jobs,
    private readonly verify: VerifyUpload,
    private readonly derive: Derive,
    private readonly showing: Showing,
    private readonly collect: Collect,
    private readonly orphans: Orphans,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.handle('verify', 2, (uploadId, signal) => this.verify.run(uploadId, signal));
    await this.jobs.handle('derive', 1, (sha256, signal) => this.derive.run(sha256, signal));
    this.every(ROUNDS.jobs, 'media jobs', () => this.jobs.wakeDue());
    this.every(ROUNDS.showing, 'open media', () => this.showing.carryOut());
    this.every(ROUNDS.collect, 'collection of media', async () => this.tell(await this.collect.run()));
    this.every(ROUNDS.orphans, 'media that nobody knows of', () => this.orphans.find());
    this.once('media jobs', () => this.jobs.wakeDue());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.timers.forEach((timer) => clearInterval(timer));
    await Promise.all(this.underWay);
  }

  private tell(objects: number): void {
    if (objects === 0) return;
    this.log.info({ objects }, 'took away what nothing needs any more');
    metrics.collected.inc({ service: 'media', what: 'objects' }, objects);
  }

  /** A round begins when the one before has ended, a little earlier or later so that processes do not march in step. */
  private every(ms: number, name: string, work: () => Promise<unknown>): void {
    let busy = false;
    const timer = setInterval(
      () => {
        if (busy) return;
        busy = true;
        this.once(name, work, () => (busy = false));
      },
      ms * (0.9 + Math.random() * 0.2),
    );
    timer.unref();
    this.timers.push(timer);
  }

  private once(name: string, work: () => Promise<unknown>, done: () => void = () => undefined): void {
    const run: Promise<void> = work()
      .catch((error: unknown) => this.log.warn({ err: error }, `${name}: this round failed, the next one tries again`))
      .then(() => {
        this.underWay.delete(run);
        done();
      });
    this.underWay.add(run);
  }
}
