import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SERVICE } from '#libs/bootstrap/tokens';
import type { ServiceName } from '#libs/contracts/contract';
import { metrics } from '#libs/observability/metrics';
import { WORK_QUEUE, type WorkQueue } from '#libs/queue/work-queue';

const LOOK_EVERY_MS = 5000;

/** Keeps the figures of the queue: how much waits, is delayed and runs, and how old the oldest waiting job is. */
@Injectable()
export class QueueFigures implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
    @Inject(SERVICE) private readonly service: ServiceName,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    await this.look();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** While the queue cannot be asked there are no figures, rather than old ones; readiness says why. */
  private async look(): Promise<void> {
    const { service } = this;
    try {
      const { oldest_seconds, ...states } = await this.queue.depth();
      for (const [state, jobs] of Object.entries(states)) metrics.queueJobs.set({ service, state }, jobs);
      metrics.queueOldest.set({ service }, oldest_seconds);
    } catch {
      metrics.queueJobs.reset();
      metrics.queueOldest.reset();
    }
  }
}
