import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { LOG } from '#libs/bootstrap/tokens';
import type { Log } from '#libs/observability/logger';

/** Work of the service that comes round again: one at a time for each kind, and finished before the service stops. */
@Injectable()
export class Rounds implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly running = new Set<Promise<void>>();

  constructor(@Inject(LOG) private readonly log: Log) {}

  /** Runs `work` now and then every so many seconds after it has ended; `wake` runs it at once, or once more. */
  every(name: string, seconds: number, work: (signal: AbortSignal) => Promise<void>): { wake: () => void } {
    let timer: NodeJS.Timeout | undefined;
    let busy = false;
    let again = false;
    const begin = () => {
      clearTimeout(timer);
      if (timer) this.timers.delete(timer);
      if (this.stopping.signal.aborted) return;
      if (busy) {
        again = true;
        return;
      }
      busy = true;
      const round = work(this.stopping.signal)
        .catch((error: unknown) => {
          if (!this.stopping.signal.aborted)
            this.log.warn({ err: error, round: name }, `${name} did not work this time`);
        })
        .then(() => {
          busy = false;
          this.running.delete(round);
          const wait = again ? 0 : seconds * 1000;
          again = false;
          if (this.stopping.signal.aborted) return;
          timer = setTimeout(begin, wait);
          timer.unref();
          this.timers.add(timer);
        });
      this.running.add(round);
    };
    begin();
    return { wake: begin };
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.all(this.running);
  }
}
