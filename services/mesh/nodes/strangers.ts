import { AppError } from '#libs/errors/app-error';

const HOUR_MS = 3_600_000;

/**
 * Counts the names nobody knew that come in under the shared key, by the address that brings them, and refuses what is
 * more than `most` an hour. Of so many addresses that they do not fit, the ones heard of longest ago are forgotten.
 */
export class Strangers {
  private readonly hours = new Map<string, { since: number; names: number }>();

  constructor(
    private readonly most: number,
    private readonly kept = 20_000,
  ) {}

  count(address: string, nowMs: number): void {
    let hour = this.hours.get(address);
    if (hour === undefined || nowMs >= hour.since + HOUR_MS) {
      hour = { since: nowMs, names: 0 };
      this.hours.delete(address);
      this.hours.set(address, hour);
      if (this.hours.size > this.kept) this.hours.delete(this.hours.keys().next().value!);
    }
    if (hour.names >= this.most) throw tooManyNew(Math.ceil((hour.since + HOUR_MS - nowMs) / 1000));
    hour.names++;
  }
}

/** What whoever brings too many new names is told. */
export const tooManyNew = (retry_after_s: number): AppError =>
  new AppError(
    'unavailable',
    'There are too many new workers of the shared key; use a name that is known, enrol, or come back later.',
    { reason: 'too_many_requests', retry_after_s },
  );
