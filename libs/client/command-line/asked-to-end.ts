import { constants } from 'node:os';

/**
 * Aborted when this process is asked to end, as by Ctrl-C: what is being done is brought to its end, and nothing new begun.
 * Who asks again is not made to wait.
 */
export function askedToEnd(): AbortSignal {
  const end = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      end.abort();
      process.once(signal, () => process.exit(128 + constants.signals[signal]));
    });
  return end.signal;
}
