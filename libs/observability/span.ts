import { context, SpanStatusCode, trace, type Context, type SpanKind } from '@opentelemetry/api';

/** Does work inside a span, below `parent` or else below what is under way; a failure is marked in it and thrown on. */
export function inSpan<T>(
  name: string,
  work: () => Promise<T>,
  { kind, parent = context.active() }: { kind?: SpanKind; parent?: Context } = {},
): Promise<T> {
  return trace.getTracer('evidverse').startActiveSpan(name, { kind }, parent, async (span) => {
    try {
      return await work();
    } catch (thrown) {
      span.recordException(thrown as Error);
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw thrown;
    } finally {
      span.end();
    }
  });
}
