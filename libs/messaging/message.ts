import type { Caller } from '#libs/contracts/caller';

/** What travels: the name of an operation or event, its JSON text, and who and which request it belongs to. */
export interface Message {
  readonly name: string;
  readonly body: string;
  readonly headers: MessageHeaders;
}

export interface MessageHeaders {
  /** The same on every delivery of the same event: what makes a consumer idempotent. */
  readonly message_id: string;
  readonly request_id: string;
  readonly caller: Caller;
}

/** How messages get from one process to another; RabbitMQ in a cluster, memory in a single process, the same behaviour. */
export interface Carrier {
  connect(): Promise<void>;
  /** The JSON text of the answer; AppError `unavailable` when nobody answers in `timeoutMs`. */
  request(message: Message, timeoutMs: number): Promise<string>;
  /** Resolves when the broker has taken responsibility for the event; AppError `unavailable` otherwise. */
  publish(message: Message): Promise<void>;
  /** Why it cannot carry right now, or undefined. */
  trouble(): string | undefined;
  close(): Promise<void>;
}
