import type { Redis } from 'ioredis';

const WINDOW_MS = 60_000;
const MOST_CLIENTS = 20_000;

/** Counts what clients ask for in one request, minute by minute: in Redis where there is one, for all replicas, else here. */
export class ItemCounts {
  private readonly here = new Map<string, number>();
  private minute = 0;

  constructor(
    private readonly prefix: string,
    private readonly redis: Redis | undefined,
  ) {}

  /** How many a client has asked for in this minute, these included; when Redis is away, only these. */
  async add(client: string, count: number, now: number): Promise<number> {
    const minute = Math.floor(now / WINDOW_MS);
    if (this.redis) {
      const key = `${this.prefix}:items:${minute}:${client}`;
      const answers = await this.redis.multi().incrby(key, count).pexpire(key, WINDOW_MS).exec().catch(() => null); // prettier-ignore
      return (answers?.[0]?.[1] as number | undefined) ?? count;
    }
    if (minute !== this.minute || this.here.size > MOST_CLIENTS) this.here.clear();
    this.minute = minute;
    const all = (this.here.get(client) ?? 0) + count;
    this.here.set(client, all);
    return all;
  }
}

/** How long until the next minute begins. */
export const untilNext = (now: number): number => WINDOW_MS - (now % WINDOW_MS);
