import amqp, { type Channel, type ChannelModel } from 'amqplib';
import type { Log } from '#libs/observability/logger';

/**
 * One connection to RabbitMQ that comes back by itself: `setUp` builds channels and consumers on every new connection,
 * `lost` is told at once when it breaks.
 */
export class RabbitConnection {
  private model: ChannelModel | undefined;
  private opening: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly log: Log,
    private readonly setUp: (model: ChannelModel) => Promise<void>,
    private readonly lost: () => void,
  ) {}

  /** Resolves when connected; tries for ever, with pauses of 0.1 to 1 s. */
  open(): Promise<void> {
    if (this.model) return Promise.resolve();
    return (this.opening ??= this.reopen().finally(() => (this.opening = undefined)));
  }

  get connected(): boolean {
    return this.model !== undefined;
  }

  /** A channel that the broker closes takes the connection with it, so that everything is built anew. */
  watch<Watched extends Channel>(channel: Watched): Watched {
    channel.on('error', (error: Error) => this.closed || this.log.warn({ err: error }, 'RabbitMQ closed a channel'));
    channel.once('close', () => this.renew());
    return channel;
  }

  /** Gives the connection up and builds everything anew. */
  renew(): void {
    const model = this.model;
    if (model && !this.closed) setImmediate(() => this.model === model && void model.close().catch(() => {}));
  }

  /** From now on what breaks stays broken. */
  retire(): void {
    this.closed = true;
  }

  async close(): Promise<void> {
    this.retire();
    const model = this.model;
    this.model = undefined;
    await model?.close().catch(() => {});
  }

  private async reopen(): Promise<void> {
    for (let pause = 100; !this.closed; pause = Math.min(pause * 2, 1000)) {
      const model = await this.attempt();
      if (model && this.closed) return void (await model.close().catch(() => {}));
      if (model) {
        this.model = model;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  private async attempt(): Promise<ChannelModel | undefined> {
    let model: ChannelModel | undefined;
    try {
      model = await amqp.connect(this.url, { noDelay: true, timeout: 5000 });
      model.on('error', (error: Error) => this.log.warn({ err: error }, 'RabbitMQ connection error'));
      model.once('close', () => this.onClose());
      await this.setUp(model);
      return model;
    } catch (error) {
      await model?.close().catch(() => {});
      this.log.warn({ err: error }, 'RabbitMQ cannot be reached yet');
      return undefined;
    }
  }

  private onClose(): void {
    if (!this.model) return;
    this.model = undefined;
    this.lost();
    if (this.closed) return;
    this.log.warn('connection to RabbitMQ lost, connecting again');
    void this.open();
  }
}
