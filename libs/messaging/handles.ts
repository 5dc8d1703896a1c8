import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { z } from 'zod';
import { ANONYMOUS, type Caller } from '#libs/contracts/caller';
import type { Event, Operation } from '#libs/contracts/contract';
import { AppError } from '#libs/errors/app-error';
import { metrics } from '#libs/observability/metrics';
import { requestContext } from '#libs/observability/request-context';
import { inSpan } from '#libs/observability/span';
import type { Delivery, Heard } from './message-server.js';

type OperationMethod<Input, Output> = (input: Input, caller: Caller) => Promise<Output> | Output;
type EventMethod<Payload> = (payload: Payload, delivery: { message_id: string }) => Promise<void>;

export const HANDLES = Symbol('handles');
export const HEARS = Symbol('hears');

/**
 * Answers an operation with a method: its input is validated before, its output projected after, and anything thrown
 * becomes a failure that crosses the broker whole.
 */
export function Handles<Input extends z.ZodType, Output extends z.ZodType>(operation: Operation<Input, Output>) {
  type Method = OperationMethod<z.output<Input>, z.input<Output>>;
  return <M extends Method>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<M>): void => {
    const work = required(descriptor.value);
    const labels = { service: operation.owner, operation: operation.name };
    const answer = async function (this: unknown, input: unknown, delivery: Delivery): Promise<unknown> {
      const stop = metrics.operation.startTimer(labels);
      return inContext(operation.name, delivery, async () => {
        try {
          const output = await work.call(this, parseInput(operation, input), delivery.headers.caller ?? ANONYMOUS);
          stop({ outcome: 'ok' });
          delivery.log.debug({ operation: operation.name }, 'operation answered');
          return { ok: operation.output.parse(output) as unknown };
        } catch (thrown) {
          const error = AppError.from(thrown);
          stop({ outcome: error.code });
          if (error.code === 'internal')
            delivery.log.error({ err: thrown, operation: operation.name }, 'operation failed');
          else if (error.code === 'unavailable')
            delivery.log.warn({ err: thrown, operation: operation.name }, error.message);
          trace.getActiveSpan()?.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
          return { failure: error.toFailure() };
        }
      });
    };
    descriptor.value = answer as unknown as M;
    Reflect.defineMetadata(HANDLES, operation, answer);
    passMessage(target, key);
    MessagePattern(operation.name)(target, key, { value: answer });
  };
}

/** Hears an event with a method. It may be called twice for one event: what it does must be safe to do again. */
export function Hears<Content extends z.ZodType>(event: Event<Content>) {
  type Method = EventMethod<z.output<Content>>;
  return <M extends Method>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<M>): void => {
    const work = required(descriptor.value);
    const hear = async function (this: unknown, payload: unknown, delivery: Delivery): Promise<Heard> {
      const stop = metrics.event.startTimer({ service: delivery.service, event: event.name });
      return inContext(event.name, delivery, async () => {
        try {
          await work.call(this, event.payload.parse(payload), { message_id: delivery.headers.message_id });
          stop({ outcome: 'ok' });
          return {};
        } catch (thrown) {
          stop({ outcome: AppError.from(thrown).code });
          return { thrown };
        }
      });
    };
    descriptor.value = hear as unknown as M;
    Reflect.defineMetadata(HEARS, event, hear);
    passMessage(target, key);
    (EventPattern as (pattern: string) => MethodDecorator)(event.name)(target, key, { value: hear });
  };
}

/** Tells Nest to hand over the content and the delivery. */
function passMessage(target: object, key: string | symbol): void {
  Payload()(target, key, 0);
  Ctx()(target, key, 1);
}

function parseInput<Input extends z.ZodType>(operation: Operation<Input>, input: unknown): z.output<Input> {
  const parsed = operation.input.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new AppError('invalid', `The input of ${operation.name} is not valid.`, { issues: parsed.error.issues });
}

function inContext<T>(name: string, delivery: Delivery, work: () => Promise<T>): Promise<T> {
  return requestContext.run({ request_id: delivery.headers.request_id }, () => inSpan(name, work));
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('This decorator belongs on a method.');
  return value;
}
