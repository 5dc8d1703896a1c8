import pinoPretty from 'pino-pretty';

/** The same log lines for a person at a terminal: one line each, the service in front. */
export function pretty(): NodeJS.WritableStream {
  return pinoPretty({
    colorize: process.stdout.isTTY === true,
    messageKey: 'message',
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname,service,request_id,trace_id,span_id,context,method,route,status,ms,user_id',
    messageFormat: '{service}: {message}',
  });
}
