import { randomUUID } from 'node:crypto';
import { context, propagation, ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { requestContext } from './request-context.js';
import { inSpan } from './span.js';

/** Where work began that is done later, in a form for a row: its request, and its place in the trace (W3C `traceparent`). */
export interface Origin {
  /** Null for what was asked for before requests were kept. */
  readonly request_id: string | null;
  /** Null where nothing is traced. */
  readonly trace_parent: string | null;
}

/** The origin of what is asked for now; a request of its own where none is under way. */
export function currentOrigin(): Origin {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return {
    request_id: requestContext.current()?.request_id ?? randomUUID(),
    trace_parent: carrier.traceparent ?? null,
  };
}

/** Does work that was asked for earlier: its log lines name the request, and its span hangs where it was asked for. */
export function continueFrom<T>(origin: Origin, name: string, work: () => Promise<T>): Promise<T> {
  const parent = propagation.extract(ROOT_CONTEXT, { traceparent: origin.trace_parent ?? undefined });
  return requestContext.run({ request_id: origin.request_id ?? randomUUID() }, () =>
    inSpan(name, work, { kind: SpanKind.CONSUMER, parent }),
  );
}
