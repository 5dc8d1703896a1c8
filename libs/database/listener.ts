import pg from 'pg';
import type { DataSource } from 'typeorm';

/**
 * Hears the notifications of PostgreSQL on some channels, and comes back by itself when the database was away.
 * `onReady` runs whenever it begins to hear, the first time too: what was told before then has been missed.
 */
export class Listener {
  private client: pg.Client | undefined;
  private stopped = false;

  constructor(
    private readonly database: DataSource,
    private readonly name: string,
    private readonly channels: Readonly<Record<string, (payload: string) => void>>,
    private readonly onReady: () => void = () => {},
  ) {}

  start(): void {
    void this.listen();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.client?.end().catch(() => {});
  }

  private async listen(): Promise<void> {
    while (!this.stopped) {
      const client = (this.client = this.newClient());
      const ended = new Promise<void>((resolve) => {
        client.on('error', () => resolve());
        client.on('end', () => resolve());
      });
      client.on('notification', ({ channel, payload }) => this.channels[channel]?.(payload ?? ''));
      try {
        await client.connect();
        for (const channel of Object.keys(this.channels)) await client.query(`listen ${channel}`);
        this.onReady();
        await ended;
      } catch {
        // Whoever listens also looks by a timer, and says what is wrong.
      }
      await client.end().catch(() => {});
      if (!this.stopped) await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  private newClient(): pg.Client {
    const { url, extra } = this.database.options as { url: string; extra: { options: string } };
    return new pg.Client({
      connectionString: url,
      options: extra.options,
      application_name: `evidverse-${this.name}`,
      connectionTimeoutMillis: 5000,
      keepAlive: true,
    });
  }
}
