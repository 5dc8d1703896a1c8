import { randomUUID } from 'node:crypto';
import type { Channel, ChannelModel, ConfirmChannel, ConsumeMessage, Options } from 'amqplib';
import type { ServiceName } from '#libs/contracts/contract';
import { AppError } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';
import type { Carrier, Message, MessageHeaders } from './message.js';
import { MessageServer } from './message-server.js';
import { RabbitConnection } from './rabbit-connection.js';

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
    for (const { channel, tag } of this.consumers) await channel.cancel(tag).catch(() => {});
    await this.drained();
    if (this.operations().length > 0)
      await this.consumers[0]?.channel.deleteQueue(this.service, { ifUnused: true, ifEmpty: true }).catch(() => {});
    for (const { channel } of this.consumers) await channel.close().catch(() => {});
    await this.connection.close();
  }

  private async setUp(model: ChannelModel): Promise<void> {
    this.consumers = [];
    if (this.operations().length > 0) await this.consumeOperations(await model.createChannel());
    if (this.events().length > 0) await this.consumeEvents(await model.createConfirmChannel());
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

  private async consume(
    channel: Channel,
    queue: string,
    work: (delivered: ConsumeMessage) => Promise<void>,
  ): Promise<void> {
    channel.on('error', (error: Error) => this.log.warn({ err: error, queue }, 'RabbitMQ channel error'));
    const { consumerTag } = await channel.consume(queue, (delivered) => {
      if (delivered)
        void work(delivered).catch((error: unknown) =>
          this.log.warn({ err: error, queue }, 'not settled, will come again'),
        );
    });
    this.consumers.push({ channel, tag: consumerTag });
  }

  /** An operation that comes a second time was under way when another process died: it is refused, never run twice. */
  private async onOperation(channel: Channel, delivered: ConsumeMessage): Promise<void> {
    const message = received(delivered);
    const answer = delivered.fields.redelivered
      ? JSON.stringify({
          failure: new AppError(
            'unavailable',
            `${message.name} was interrupted. Look whether it was done, then try again.`,
          ).toFailure(),
        })
      : await this.answer(message);
    const { replyTo, correlationId } = delivered.properties as { replyTo?: string; correlationId?: string };
    if (replyTo !== undefined) channel.publish('', replyTo, Buffer.from(answer), { correlationId });
    channel.ack(delivered);
  }

  private async onEvent(channel: ConfirmChannel, delivered: ConsumeMessage): Promise<void> {
    const message = received(delivered);
    const count = Number(
      (delivered.properties.headers as Record<string, unknown> | undefined)?.['x-delivery-count'] ?? 0,
    );
    const verdict = await this.hear(message, count + 1);
    if (verdict.kind === 'again') {
      await new Promise((resolve) => setTimeout(resolve, verdict.afterMs));
      return channel.nack(delivered, false, true);
    }
    if (verdict.kind === 'dead') {
      channel.sendToQueue(`${this.service}.dead`, delivered.content, {
        persistent: true,
        headers: { ...delivered.properties.headers, 'x-event': message.name, 'x-error': verdict.error.message },
      });
      await channel.waitForConfirms();
    }
    channel.ack(delivered);
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
      channel.publish(EXCHANGE, message.name, Buffer.from(message.body), {
        ...properties(message),
        replyTo: REPLY_TO,
        correlationId: id,
        mandatory: true,
        expiration: String(timeoutMs),
      });
    });
  }

  async publish(message: Message): Promise<void> {
    const channel = this.events ?? (await this.soon(() => this.events));
    await new Promise<void>((resolve, reject) => {
      const body = Buffer.from(message.body);
      channel.publish(EXCHANGE, message.name, body, { ...properties(message), persistent: true }, (error: unknown) => {
        if (error)
          reject(new AppError('unavailable', `RabbitMQ did not confirm ${message.name}.`, undefined, { cause: error }));
        else resolve();
      });
    });
  }

  trouble(): string | undefined {
    return this.connection.connected ? undefined : 'RabbitMQ cannot be reached';
  }

  async close(): Promise<void> {
    await this.connection.close();
    this.onLost();
  }

  private async setUp(model: ChannelModel): Promise<void> {
    const requests = await model.createChannel();
    requests.on('return', (returned: ConsumeMessage) => this.onReturned(returned));
    await requests.consume(REPLY_TO, (reply) => reply && this.onReply(reply), { noAck: true });
    const events = await model.createConfirmChannel();
    await events.assertExchange(EXCHANGE, 'topic', { durable: true });
    this.requests = requests;
    this.events = events;
  }

  private onReply(reply: ConsumeMessage): void {
    this.waiting.get(String(reply.properties.correlationId))?.settle(reply.content.toString());
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
    if (channel === undefined)
      throw new AppError('unavailable', 'RabbitMQ cannot be reached right now. Try again in a moment.');
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

function received(delivered: ConsumeMessage): Message {
  const { messageId } = delivered.properties as { messageId?: string };
  const headers = (delivered.properties.headers ?? {}) as { request_id?: string; caller?: string };
  const caller = JSON.parse(
    headers.caller ?? '{"user_id":null,"role":null,"session_id":null}',
  ) as MessageHeaders['caller'];
  return {
    name: delivered.fields.routingKey,
    body: delivered.content.toString(),
    headers: { message_id: messageId ?? randomUUID(), request_id: headers.request_id ?? randomUUID(), caller },
  };
}
