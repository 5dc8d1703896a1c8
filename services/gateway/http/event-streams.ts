import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { z } from 'zod';
import type { EventBatch } from '#libs/contracts/event-batch';
import { AppError } from '#libs/errors/app-error';

type Batch = z.output<typeof EventBatch>;

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Asks proxies not to collect the answer before they pass it on.
  'x-accel-buffering': 'no',
};
const RETRY_MS = 2000;

/** The event streams that are being read; when the gateway closes, each ends, and its reader comes back to another. */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private readonly closing = new AbortController();

  /** Answers with what `ask` tells, first to last; a refusal of the first question is a refusal like any other. */
  async open(after: string | null, ask: (after: string | null) => Promise<Batch>): Promise<Response> {
    const first = await ask(after);
    const reader = new AbortController();
    const over = AbortSignal.any([reader.signal, this.closing.signal]);
    const words = tell(first, after, ask, over);
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { value, done } = await words.next();
        if (done) controller.close();
        else controller.enqueue(Buffer.from(value));
      },
      cancel: () => reader.abort(),
    });
    return new Response(body, { headers: HEADERS });
  }

  beforeApplicationShutdown(): void {
    this.closing.abort();
  }
}

async function* tell(
  first: Batch,
  start: string | null,
  ask: (after: string | null) => Promise<Batch>,
  over: AbortSignal,
): AsyncGenerator<string> {
  const ended = new Promise<undefined>((end) => over.addEventListener('abort', () => end(undefined), { once: true }));
  let batch: Batch | undefined = first;
  let after = start;
  yield `retry: ${RETRY_MS}\n\n`;
  while (!over.aborted) {
    if (batch) {
      after = batch.after ?? batch.events.at(-1)?.id ?? after;
      // A comment tells proxies and readers that the line is alive.
      yield batch.events.map(inWords).join('') || ':\n\n';
      if (batch.done) return;
    }
    try {
      batch = await Promise.race([ask(after), ended]);
    } catch (thrown) {
      const { code, message } = AppError.from(thrown);
      if (code !== 'unavailable')
        return yield inWords({ id: after ?? '', event: 'failure', data: { detail: message, code } });
      batch = undefined;
      await sleep(RETRY_MS, undefined, { signal: over }).catch(() => undefined);
    }
  }
}

function inWords({ id, event, data }: Batch['events'][number]): string {
  const oneLine = (text: string) => text.replace(/[\r\n\0]/g, '');
  return `id: ${oneLine(id)}\nevent: ${oneLine(event)}\ndata: ${JSON.stringify(data)}\n\n`;
}
