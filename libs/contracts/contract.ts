import type { z } from 'zod';

/** The services that answer operations and tell events; the word is also queue, schema, deployment and label. */
export const SERVICES = ['projects', 'media', 'tasks', 'mesh', 'intel'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Something one service does for others: `owner.verb`, with the shape it takes and the shape it gives. */
export interface Operation<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly name: `${ServiceName}.${string}`;
  readonly owner: ServiceName;
  readonly input: Input;
  readonly output: Output;
  readonly timeoutMs: number;
}

/** What the handler of an operation gets, and what it may give. */
export type InputOf<O extends Operation> = z.output<O['input']>;
export type OutputOf<O extends Operation> = z.input<O['output']>;

/** Something that has happened: `owner.pastTense`. It may be heard more than once. */
export interface Event<Payload extends z.ZodType = z.ZodType> {
  readonly name: `${ServiceName}.${string}`;
  readonly owner: ServiceName;
  readonly payload: Payload;
}

/** Defines an operation; the caller waits at most `timeoutMs` (10 s unless told otherwise). */
export function operation<Input extends z.ZodType, Output extends z.ZodType>(
  name: `${ServiceName}.${string}`,
  input: Input,
  output: Output,
  options: { timeoutMs?: number } = {},
): Operation<Input, Output> {
  return { name, owner: ownerOf(name), input, output, timeoutMs: options.timeoutMs ?? 10_000 };
}

/** Defines an event. */
export function event<Payload extends z.ZodType>(name: `${ServiceName}.${string}`, payload: Payload): Event<Payload> {
  return { name, owner: ownerOf(name), payload };
}

function ownerOf(name: string): ServiceName {
  const owner = name.split('.')[0];
  const known = SERVICES.find((service) => service === owner);
  if (known === undefined) throw new Error(`${name} must begin with one of ${SERVICES.join(', ')}`);
  return known;
}
