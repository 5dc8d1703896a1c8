/** Aborted when this process is asked to end, as by Ctrl-C: what is being done is brought to its end, and nothing new begun. */
export function askedToEnd(): AbortSignal {
  const end = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end.abort());
  return end.signal;
}
