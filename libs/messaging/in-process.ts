import type { ServiceName } from '#libs/contracts/contract';
import { AppError } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';
import type { Carrier, Message } from './message.js';
import { MessageServer } from './message-server.js';

/** One bus per URL (`in-process:anything`), so that several platforms can live in one process. */
const buses = new Map<string, Set<InProcessServer>>();
const busOf = (url: string) => buses.get(url) ?? buses.set(url, new Set()).get(url)!;
const held = new Set<string>();

/**
 * Keeps events in their outboxes until `letEventsGo`: while the services of a process come and go, not everyone is there
 * to hear. A bus of another kind keeps its own queues, and needs nothing of this.
 */
export const holdEvents = (url: string): void => void held.add(url);
export const letEventsGo = (url: string): void => void held.delete(url);

/** Serves messages of its own process. They travel as JSON text, as on a wire: nothing is ever shared by reference. */
export class InProcessServer extends MessageServer {
  private names = new Set<string>();

  constructor(
    private readonly url: string,
    service: ServiceName,
    log: Log,
  ) {
    super(service, log);
  }

  listen(done: () => void): void {
    this.names = new Set(this.operations());
    busOf(this.url).add(this);
    done();
  }

  async close(): Promise<void> {
    busOf(this.url).delete(this);
    await this.drained();
  }

  answers(name: string): boolean {
    return this.names.has(name);
  }

  hears(name: string): boolean {
    return this.events().includes(name);
  }

  request(message: Message): Promise<string> {
    return this.answer(message);
  }

  /** Resolves when the event was handled: until then its outbox row stays, and a crash loses nothing. Given up, it throws. */
  async deliver(message: Message): Promise<void> {
    for (let attempt = 1; ;) {
      const verdict = await this.hear(message, attempt);
      if (verdict.kind === 'done') return;
      if (verdict.kind === 'dead') throw verdict.error;
      attempt = verdict.attempt;
      await new Promise((resolve) => setTimeout(resolve, verdict.afterMs));
      if (!busOf(this.url).has(this))
        throw new AppError('unavailable', `${this.service} stopped before it heard ${message.name}.`);
    }
  }
}

/** Carries messages within one process. */
export class InProcessCarrier implements Carrier {
  constructor(private readonly url: string) {}

  async connect(): Promise<void> {}

  async request(message: Message, timeoutMs: number): Promise<string> {
    const server = [...busOf(this.url)].find((candidate) => candidate.answers(message.name));
    if (!server) throw new AppError('unavailable', `Nobody answers ${message.name} right now.`);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new AppError('unavailable', `No answer to ${message.name} in ${timeoutMs} ms.`)),
        timeoutMs,
      );
    });
    try {
      return await Promise.race([server.request(message), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits for every listener, whatever becomes of the others: only then may the outbox forget the event, or give it up. */
  async publish(message: Message): Promise<void> {
    if (held.has(this.url)) throw new AppError('unavailable', `Not everyone is there to hear ${message.name}.`);
    const hearing = [...busOf(this.url)].filter((server) => server.hears(message.name));
    const outcomes = await Promise.allSettled(hearing.map((server) => server.deliver(message)));
    const errors = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [AppError.from(outcome.reason)] : [],
    );
    const error = errors.find(({ code }) => code === 'unavailable') ?? errors[0];
    if (error) throw error;
  }

  trouble(): undefined {
    return undefined;
  }

  async close(): Promise<void> {}
}
