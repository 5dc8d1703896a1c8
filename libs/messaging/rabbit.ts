import { randomUUID } from 'node:crypto';
import type { Channel, ChannelModel, ConfirmChannel, ConsumeMessage, Options } from 'amqplib';
import { ANONYMOUS, type Caller } from '#libs/contracts/caller';
import type { ServiceName } from '#libs/contracts/contract';
import { AppError } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';
import type { Carrier, Message } from './message.js';
import { MessageServer } from './message-server.js';
import { RabbitConnection } from './rabbit-connection.js';
import { fromWire, toWire } from './wire-body.js';

/**
 * The shape on the broker: one durable topic exchange; for each service a queue `projects` for operations, a quorum queue
 * `projects.events`, and `projects.dead`. The queue for operations goes with its last consumer when that closes, so that
 * a stopped service is noticed at once, and five seconds after it when that was killed, so that what was under way then is
 * answered by its successor.
 */
const EXCHANGE = 'evidverse';
const REPLY_TO = 'amq.rabbitmq.reply-to';
const OPERATIONS_QUEUE = { durable: true, arguments: { 'x-expires': 5000 } };
const OPERATIONS_AT_ONCE = 200;
const EVENTS_AT_ONCE = 20;
const ATTEMPT = 'x-attempt';
const EVENT = 'x-event';
const REDELIVERIES = 'x-delivery-count';
type Headers = Record<string, unknown>;
const AWAY = 'RabbitMQ cannot be reached right now. Try again in a moment.';

/** Serves operations and events from RabbitMQ; acknowledges after the work, and finishes what is under way before closing. */
export class RabbitServer extends MessageServer {
  private readonly connection: RabbitConnection;
  private consumers: { channel: Channel; tag: string }[] = [];

  constructor(url: string, service: ServiceName, log: Log) {
    super(service, log);
    this.connection = new RabbitConnection(
      url,
      log,
      (model) => this.setUp(model),
      () => (this.consumers = []),
    );
  }

  listen(done: (error?: unknown) => void): void {
    this.connection.open().then(() => done(), done);
  }

  get connected(): boolean {
    return this.connection.connected;
  }

  async close(): Promise<void> {
    this.connection.retire();
    for (const { channel, tag } of this.consumers) await channel.cancel(tag).catch(() => {});
    await this.drained();
    if (this.operations().length > 0)
      await this.consumers[0]?.channel.deleteQueue(this.service, { ifUnused: true, ifEmpty: true }).catch(() => {});
    for (const { channel } of this.consumers) await channel.close().catch(() => {});
    await this.connection.close();
  }

  private async setUp(model: ChannelModel): Promise<void> {
    this.consumers = [];
    if (this.operations().length > 0) await this.consumeOperations(this.connection.watch(await model.createChannel()));
    if (this.events().length > 0) await this.consumeEvents(this.connection.watch(await model.createConfirmChannel()));
  }

  private async consumeOperations(channel: Channel): Promise<void> {
    await channel.assertExchange(EXCHANGE, 'topic', { durable: true });
    await channel.assertQueue(this.service, OPERATIONS_QUEUE);
    for (const name of this.operations()) await channel.bindQueue(this.service, EXCHANGE, name);
    await channel.prefetch(OPERATIONS_AT_ONCE);
    await this.consume(channel, this.service, (delivered) => this.onOperation(channel, delivered));
  }

  private async consumeEvents(channel: ConfirmChannel): Promise<void> {
    const queue = `${this.service}.events`;
    const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } };
    await channel.assertQueue(queue, quorum);
    await channel.assertQueue(`${this.service}.dead`, quorum);
    for (const name of this.events()) await channel.bindQueue(queue, EXCHANGE, name);
    await channel.prefetch(EVENTS_AT_ONCE);
    await this.consume(channel, queue, (delivered) => this.onEvent(channel, delivered));
  }

  /** A consumer whose queue went away under it is told so by an empty delivery. */
  private async consume(
    channel: Channel,
    queue: string,
    work: (delivered: ConsumeMessage) => Promise<void>,
  ): Promise<void> {
    const { consumerTag } = await channel.consume(queue, (delivered) => {
      if (!delivered) return this.connection.renew();
      void work(delivered).catch((error: unknown) =>
        this.log.warn({ err: error, queue }, 'not settled, will come again'),
      );
    });
    this.consumers.push({ channel, tag: consumerTag });
  }

  /** An operation that comes a second time was under way when another process died: it is refused, never run twice. */
  private onOperation(channel: Channel, delivered: ConsumeMessage): Promise<void> {
    return this.counted(async () => {
      const message = await received(delivered);
      const answer = delivered.fields.redelivered ? interrupted(message.name) : await this.answer(message);
      const { replyTo, correlationId } = delivered.properties as { replyTo?: string; correlationId?: string };
      if (replyTo !== undefined) {
        const body = await toWire(message.name, answer).catch((error: unknown) => toWire(message.name, failed(error)));
        channel.publish('', replyTo, body.content, { correlationId, contentEncoding: body.contentEncoding });
      }
      channel.ack(delivered);
    });
  }

  /**
   * What is to be tried again, and what is given up, is written anew before it is acknowledged: no limit that a broker
   * puts on redeliveries can lose it, and waiting for a component that is away counts as no attempt.
   */
  private async onEvent(channel: ConfirmChannel, delivered: ConsumeMessage): Promise<void> {
    const message = await received(delivered);
    const { [REDELIVERIES]: redeliveries, ...headers } = (delivered.properties.headers ?? {}) as Headers;
    const verdict = await this.hear(message, Number(headers[ATTEMPT] ?? 1) + Number(redeliveries ?? 0));
    const kept = { ...headers, [EVENT]: message.name };
    if (verdict.kind === 'again') {
      await new Promise((resolve) => setTimeout(resolve, verdict.afterMs));
      await this.rewrite(channel, delivered, `${this.service}.events`, { ...kept, [ATTEMPT]: verdict.attempt });
    } else if (verdict.kind === 'dead')
      await this.rewrite(channel, delivered, `${this.service}.dead`, { ...kept, 'x-error': verdict.error.message });
    else channel.ack(delivered);
  }

  private async rewrite(
    channel: ConfirmChannel,
    delivered: ConsumeMessage,
    queue: string,
    headers: Headers,
  ): Promise<void> {
    const { messageId, contentType, contentEncoding } = delivered.properties as Options.Publish;
    const properties = { messageId, contentType, contentEncoding, headers, persistent: true };
    const isKept = await new Promise<boolean>((resolve) => {
      channel.sendToQueue(queue, delivered.content, properties, (error: unknown) => resolve(!error));
    });
    if (isKept) channel.ack(delivered);
    else channel.nack(delivered, false, true);
  }
}

/** Carries operations by direct reply-to and events with publisher confirms. */
export class RabbitCarrier implements Carrier {
  private readonly connection: RabbitConnection;
  private requests: Channel | undefined;
  private events: ConfirmChannel | undefined;
  private readonly waiting = new Map<string, { name: string; settle: (answer: string | AppError) => void }>();

  constructor(url: string, log: Log) {
    this.connection = new RabbitConnection(
      url,
      log,
      (model) => this.setUp(model),
      () => this.onLost(),
    );
  }

  connect(): Promise<void> {
    return this.connection.open();
  }

  async request(message: Message, timeoutMs: number): Promise<string> {
    const { content, contentEncoding } = await toWire(message.name, message.body);
    const channel = this.requests ?? (await this.soon(() => this.requests));
    const id = randomUUID();
    return new Promise<string>((resolve, reject) => {
      const timer = setTimeout(
        () => settle(new AppError('unavailable', `No answer to ${message.name} in ${timeoutMs} ms.`)),
        timeoutMs,
      );
      const settle = (answer: string | AppError) => {
        clearTimeout(timer);
        this.waiting.delete(id);
        if (answer instanceof AppError) reject(answer);
        else resolve(answer);
      };
      this.waiting.set(id, { name: message.name, settle });
      try {
        channel.publish(EXCHANGE, message.name, content, {
          ...properties(message),
          contentEncoding,
          replyTo: REPLY_TO,
          correlationId: id,
          mandatory: true,
          expiration: String(timeoutMs),
        });
      } catch (error) {
        settle(new AppError('unavailable', AWAY, undefined, { cause: error }));
      }
    });
  }

  async publish(message: Message): Promise<void> {
    const { content, contentEncoding } = await toWire(message.name, message.body);
    const channel = this.events ?? (await this.soon(() => this.events));
    try {
      await new Promise<void>((resolve, reject) => {
        const options = { ...properties(message), contentEncoding, persistent: true };
        channel.publish(EXCHANGE, message.name, content, options, (error: unknown) =>
          error ? reject(new Error('not confirmed', { cause: error })) : resolve(),
        );
      });
    } catch (error) {
      throw new AppError('unavailable', `RabbitMQ did not confirm ${message.name}.`, undefined, { cause: error });
    }
  }

  trouble(): string | undefined {
    return this.connection.connected ? undefined : 'RabbitMQ cannot be reached';
  }

  async close(): Promise<void> {
    await this.connection.close();
    this.onLost();
  }

  private async setUp(model: ChannelModel): Promise<void> {
    const requests = this.connection.watch(await model.createChannel());
    requests.on('return', (returned: ConsumeMessage) => this.onReturned(returned));
    await requests.consume(REPLY_TO, (reply) => reply && void this.onReply(reply), { noAck: true });
    const events = this.connection.watch(await model.createConfirmChannel());
    await events.assertExchange(EXCHANGE, 'topic', { durable: true });
    this.requests = requests;
    this.events = events;
  }

  private async onReply({ content, properties }: ConsumeMessage): Promise<void> {
    const { correlationId, contentEncoding } = properties as { correlationId?: string; contentEncoding?: string };
    const answer = await fromWire(content, contentEncoding).catch((error: unknown) => AppError.from(error));
    this.waiting.get(String(correlationId))?.settle(answer);
  }

  private onReturned(returned: ConsumeMessage): void {
    const pending = this.waiting.get(String(returned.properties.correlationId));
    pending?.settle(new AppError('unavailable', `Nobody answers ${pending.name} right now.`));
  }

  private onLost(): void {
    this.requests = this.events = undefined;
    for (const { name, settle } of [...this.waiting.values()])
      settle(
        new AppError(
          'unavailable',
          `The connection was lost while ${name} was under way. Look whether it was done, then try again.`,
        ),
      );
  }

  /** A moment's patience for a connection that is just coming back, then a clear refusal. */
  private async soon<T>(get: () => T | undefined): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, 250);
    });
    await Promise.race([this.connection.open(), patience]);
    clearTimeout(timer);
    const channel = get();
    if (channel === undefined) throw new AppError('unavailable', AWAY);
    return channel;
  }
}

function properties(message: Message): Options.Publish {
  const { message_id, request_id, caller } = message.headers;
  return {
    messageId: message_id,
    contentType: 'application/json',
    headers: { request_id, caller: JSON.stringify(caller) },
  };
}

async function received({ content, fields, properties }: ConsumeMessage): Promise<Message> {
  const { messageId, contentEncoding } = properties as { messageId?: string; contentEncoding?: string };
  const headers = (properties.headers ?? {}) as { request_id?: string; caller?: string; [EVENT]?: string };
  return {
    name: headers[EVENT] ?? fields.routingKey,
    body: await fromWire(content, contentEncoding),
    headers: {
      message_id: messageId ?? randomUUID(),
      request_id: headers.request_id ?? randomUUID(),
      caller: headers.caller === undefined ? ANONYMOUS : (JSON.parse(headers.caller) as Caller),
    },
  };
}

const failed = (error: unknown): string => JSON.stringify({ failure: AppError.from(error).toFailure() });

const interrupted = (name: string): string =>
  failed(new AppError('unavailable', `${name} was interrupted. Look whether it was done, then try again.`));
