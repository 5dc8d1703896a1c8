import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { lastValueFrom, isObservable } from 'rxjs';
import type { ServiceName } from '#libs/contracts/contract';
import { AppError } from '#libs/errors/app-error';
import { metrics } from '#libs/observability/metrics';
import type { Log } from '#libs/observability/logger';
import { parseExact } from '#libs/timeline/exact-json';
import type { Message, MessageHeaders } from './message.js';

/** What a handler learns about a message beside its content. */
export interface Delivery {
  readonly service: string;
  readonly headers: MessageHeaders;
  readonly log: Log;
}

/** What became of an event: errors are handed back as values, because Nest would replace a thrown one by its own. */
export interface Heard {
  thrown?: unknown;
}

/** How an event goes on: done, tried again after a pause as attempt number so-and-so, or given up. */
export type Verdict =
  { kind: 'done' } | { kind: 'again'; afterMs: number; attempt: number } | { kind: 'dead'; error: AppError };

const ATTEMPTS = 5;

/**
 * The half of a transport that every transport shares: finds Nest's handlers, runs them, judges failures, and counts
 * what is under way so that closing can wait for it.
 */
export abstract class MessageServer extends Server implements CustomTransportStrategy {
  private underway = 0;

  protected constructor(
    protected readonly service: ServiceName,
    protected readonly log: Log,
  ) {
    super();
    this.initializeSerializer({});
    this.initializeDeserializer({});
  }

  abstract override listen(done: (error?: unknown) => void): void;
  abstract override close(): Promise<void>;
  override on(): void {}
  override unwrap<T>(): T {
    return undefined as T;
  }

  protected operations(): string[] {
    return [...this.getHandlers()].filter(([, handler]) => handler.isEventHandler !== true).map(([name]) => name);
  }

  protected events(): string[] {
    return [...this.getHandlers()].filter(([, handler]) => handler.isEventHandler === true).map(([name]) => name);
  }

  /** Runs the handler of an operation and gives the JSON text of its answer; never throws. */
  protected answer(message: Message): Promise<string> {
    return this.counted(async () => {
      try {
        return JSON.stringify(await this.run(message));
      } catch (thrown) {
        const error = AppError.from(thrown);
        if (error.code !== 'invalid')
          this.log.error({ err: thrown, operation: message.name }, 'operation failed outside its handler');
        return JSON.stringify({ failure: error.toFailure() });
      }
    });
  }

  /** Runs the handler of an event and says what is to become of it. A component that is away burns no attempt. */
  protected hear(message: Message, attempt: number): Promise<Verdict> {
    return this.counted(async () => {
      try {
        const heard = (await this.run(message)) as Heard | undefined;
        if (heard?.thrown === undefined) return { kind: 'done' };
        throw heard.thrown;
      } catch (thrown) {
        const error = AppError.from(thrown);
        if (error.code === 'unavailable') return { kind: 'again', afterMs: 1000, attempt };
        if (error.code !== 'invalid' && attempt < ATTEMPTS)
          return { kind: 'again', afterMs: Math.min(100 * 4 ** attempt, 10_000), attempt: attempt + 1 };
        this.log.error({ err: thrown, event: message.name, ...message.headers }, 'event given up, see its dead letter');
        metrics.deadLetters.inc({ service: this.service, event: message.name });
        return { kind: 'dead', error };
      }
    });
  }

  /** Resolves when nothing is under way any more, or after `ms`. */
  protected async drained(ms = 25_000): Promise<void> {
    for (const until = Date.now() + ms; this.underway > 0 && Date.now() < until;)
      await new Promise((resolve) => setTimeout(resolve, 5));
  }

  private async run(message: Message): Promise<unknown> {
    const handler = this.getHandlerByPattern(message.name);
    if (!handler) throw new AppError('unavailable', `${this.service} does not answer ${message.name}.`);
    const delivery: Delivery = { service: this.service, headers: message.headers, log: this.log };
    const result: unknown = await handler(contentOf(message), delivery);
    return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
  }

  /** Counts work as under way, so that closing waits for it. */
  protected async counted<T>(work: () => Promise<T>): Promise<T> {
    this.underway++;
    try {
      return await work();
    } finally {
      this.underway--;
    }
  }
}

/** What a message carries; `invalid` when a part of it that its sender passed on unread is no JSON. */
function contentOf({ name, body }: Message): unknown {
  try {
    return parseExact(body);
  } catch (cause) {
    throw new AppError('invalid', `What ${name} carries is not JSON.`, undefined, { cause });
  }
}
