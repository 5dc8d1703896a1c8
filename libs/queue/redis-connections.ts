import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '#libs/observability/logger';

/**
 * Connections that wait. Bull refuses them if they check whether Redis is ready, but without that check ioredis takes one
 * for ready that was lost while being made; so Bull is shown `redisOptions`, at which it looks first.
 */
const WAITING: RedisOptions & { redisOptions: object } = { maxRetriesPerRequest: null, redisOptions: {} };

/** The connections of one queue to Redis: they come back by themselves, and say once when they are away. */
export class RedisConnections {
  /** For everything that is answered at once; it gives up soon when Redis is away. */
  readonly commands: Redis;
  private readonly all: Redis[] = [];
  private events: Redis | undefined;
  private away: Error | undefined;
  private ended = false;

  constructor(
    private readonly url: string,
    private readonly name: string,
    private readonly log: Log,
  ) {
    this.commands = this.connect({ maxRetriesPerRequest: 1, commandTimeout: 5000 });
  }

  /** What Bull asks for: commands and news share a connection each, waiting for a job blocks one of its own. */
  forBull(type: 'client' | 'subscriber' | 'bclient'): Redis {
    if (type === 'client') return this.commands;
    if (type === 'bclient') return this.connect(WAITING);
    return (this.events ??= this.connect(WAITING));
  }

  get isAway(): boolean {
    return this.away !== undefined || this.ended;
  }

  /** Why Redis cannot be reached, or undefined. Connections that swallow what they are told are replaced by new ones. */
  async trouble(): Promise<string | undefined> {
    try {
      await this.commands.ping();
      return undefined;
    } catch (error) {
      const { message } = error as Error;
      if (message === 'Command timed out' && !this.ended)
        for (const connection of this.all) connection.disconnect(true);
      return `Redis cannot be reached (${this.away?.message ?? message})`;
    }
  }

  end(): void {
    this.ended = true;
    for (const connection of this.all) connection.disconnect();
  }

  private connect(options: RedisOptions): Redis {
    const connection = new Redis(this.url, {
      ...options,
      connectionName: this.name,
      keepAlive: 10_000,
      disconnectTimeout: 500,
      retryStrategy: (times) => Math.min(50 * 2 ** times, 1000),
      reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
    });
    connection.setMaxListeners(0);
    connection.on('error', (error) => this.onAway(error));
    connection.on('ready', () => this.onBack());
    this.all.push(connection);
    return connection;
  }

  private onAway(error: Error): void {
    if (!this.isAway) this.log.warn({ err: error }, 'Redis cannot be reached, trying again');
    this.away = error;
  }

  private onBack(): void {
    if (this.away) this.log.info('Redis is back');
    this.away = undefined;
  }
}
