import { trace } from '@opentelemetry/api';
import type { LoggerService } from '@nestjs/common';
import { pino, type Logger as PinoLogger } from 'pino';
import { pretty } from './pretty-log.js';
import { requestContext } from './request-context.js';

export type Log = PinoLogger;

/** Secrets never reach a log line, whoever passes them. */
const SECRET_FIELDS = ['password', 'authorization', 'access_token', 'refresh_token', 'secret', 'credential_json'];

/**
 * JSON lines on standard output: service, level, message, and the request and trace ids of the work at hand.
 * `error` means somebody must act; `warn`, something healed or was refused that should be watched.
 */
export function createLog({
  service,
  level,
  format,
}: {
  service: string;
  level: string;
  format: 'json' | 'pretty';
}): Log {
  return pino(
    {
      level,
      base: { service },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
      mixin: () => {
        const span = trace.getActiveSpan()?.spanContext();
        return { ...requestContext.current(), ...(span && { trace_id: span.traceId, span_id: span.spanId }) };
      },
    },
    format === 'pretty' ? pretty() : process.stdout,
  );
}

/** Nest's own messages, in the same lines as ours; its start-up chatter is kept for `debug`. */
export function nestLogger(log: Log): LoggerService {
  const line =
    (level: 'debug' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...rest: unknown[]) => {
      const context = typeof rest.at(-1) === 'string' ? rest.at(-1) : undefined;
      if (message instanceof Error) log[level]({ err: message, context }, message.message);
      else log[level]({ context, ...(level === 'error' && rest.length > 1 && { stack: rest[0] }) }, String(message));
    };
  return {
    log: line('debug'),
    debug: line('debug'),
    verbose: line('debug'),
    warn: line('warn'),
    error: line('error'),
    fatal: line('fatal'),
  };
}
