import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Log } from '#libs/observability/logger';

/** What replicas tell each other: whose rows have changed. */
export interface News {
  sites?: number[];
  jobs?: number[];
  slots?: number[];
  nodes?: number[];
  keys?: boolean;
  audit?: boolean;
  /** Too much to name. */
  all?: boolean;
}

const CHANNEL = 'mesh_news';
const COLLECT_MS = 50;
const MOST_BYTES = 7500;

/**
 * News between replicas by NOTIFY, collected for 50 ms, since a notification holds a lock of the whole cluster at its
 * commit. News may be lost: they only make things faster, no promise rests on them.
 */
export class Bus {
  readonly self = randomUUID();
  private collected: News = {};
  private timer: NodeJS.Timeout | undefined;
  private listener: pg.Client | undefined;
  private isClosed = false;

  constructor(
    private readonly pool: pg.Pool,
    private readonly connection: pg.ClientConfig,
    private readonly log: Log,
    private readonly hear: (news: News) => void,
  ) {}

  /** Listens, and listens again when the connection was lost; what was missed meanwhile is everything. */
  async listen(isFirst = true): Promise<void> {
    if (this.isClosed) return;
    const client = new pg.Client(this.connection);
    const again = () => {
      if (this.listener !== client) return;
      this.listener = undefined;
      void client.end().catch(() => {});
      if (!this.isClosed) setTimeout(() => void this.listen(false), 1000).unref();
    };
    this.listener = client;
    client.on('error', again);
    client.on('end', again);
    client.on('notification', ({ payload = '{}' }) => this.onNews(payload));
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      if (!isFirst) this.hear({ all: true });
    } catch (error) {
      if (!this.isClosed) this.log.warn({ err: error }, 'news of other replicas cannot be heard right now');
      again();
    }
  }

  tell(news: News): void {
    const { collected } = this;
    for (const kind of ['sites', 'jobs', 'slots', 'nodes'] as const)
      if (news[kind] !== undefined) collected[kind] = [...new Set([...(collected[kind] ?? []), ...news[kind]])];
    for (const kind of ['keys', 'audit', 'all'] as const) if (news[kind] === true) collected[kind] = true;
    this.timer ??= setTimeout(() => void this.flush(), COLLECT_MS);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.flush();
    await this.listener?.end().catch(() => {});
  }

  private async flush(): Promise<void> {
    this.timer = undefined;
    const news = this.collected;
    this.collected = {};
    if (Object.keys(news).length === 0) return;
    const whole = JSON.stringify({ ...news, from: this.self });
    const payload = Buffer.byteLength(whole) > MOST_BYTES ? JSON.stringify({ all: true, from: this.self }) : whole;
    await this.pool.query('select pg_notify($1, $2)', [CHANNEL, payload]).catch((error: unknown) => {
      this.log.warn({ err: error }, 'news for other replicas were lost');
    });
  }

  private onNews(payload: string): void {
    const { from, ...news } = JSON.parse(payload) as News & { from: string };
    if (from !== this.self) this.hear(news);
  }
}
