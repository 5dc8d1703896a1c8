import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { ANONYMOUS, type Caller } from '#libs/contracts/caller';
import type { Event, Operation } from '#libs/contracts/contract';
import { AppError, type Failure } from '#libs/errors/app-error';
import { requestContext } from '#libs/observability/request-context';
import { parseExact } from '#libs/timeline/exact-json';
import { jsonOf } from '#libs/timeline/unread-json';
import type { Carrier } from './message.js';

/** What everyone sees of messaging: ask a service for something, tell the world that something happened. */
export class Broker {
  constructor(private readonly carrier: Carrier) {}

  /** The answer to an operation, whose input may have unread fields; AppError as the service threw it, `unavailable` when it does not answer. */
  async call<Input extends z.ZodType, Output extends z.ZodType>(
    operation: Operation<Input, Output>,
    input: z.input<Input>,
    caller: Caller = ANONYMOUS,
  ): Promise<z.output<Output>> {
    const headers = { message_id: randomUUID(), request_id: currentRequest(), caller };
    const message = { name: operation.name, body: jsonOf(input ?? null), headers };
    const answer = parseExact(await this.carrier.request(message, operation.timeoutMs)) as Answer<z.output<Output>>;
    if ('failure' in answer) throw AppError.from(answer.failure);
    return answer.ok;
  }

  /** Resolves when the broker has the event. Where a change and its event must not part, write it to the outbox instead. */
  async tell<Payload extends z.ZodType>(event: Event<Payload>, payload: z.input<Payload>): Promise<void> {
    const headers = { message_id: randomUUID(), request_id: currentRequest(), caller: ANONYMOUS };
    await this.carrier.publish({ name: event.name, body: JSON.stringify(event.payload.parse(payload)), headers });
  }
}

type Answer<T> = { ok: T } | { failure: Failure };

function currentRequest(): string {
  return requestContext.current()?.request_id ?? randomUUID();
}
