/** The time that so many in a hundred stay below, in milliseconds. */
export const percentile = (times: readonly number[], of: number): number =>
  [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor((times.length * of) / 100))] ?? 0;

/** How long each of so many runs takes, in milliseconds. */
export async function timed(runs: number, work: (run: number) => unknown): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const begun = performance.now();
    await work(run);
    times.push(performance.now() - begun);
  }
  return times;
}

/** One line: what, how long the half and nearly all of ours take, those of a peer, and how many times ours that is. */
export function line(what: string, ours: readonly number[], peer: readonly number[], tail = 95): void {
  const cell = (times: readonly number[], of: number) => percentile(times, of).toFixed(3).padStart(10);
  const ratio = (percentile(peer, 50) / percentile(ours, 50)).toFixed(1).padStart(8);
  console.log(
    `${what.padEnd(52)} ${cell(ours, 50)} ${cell(ours, tail)} ms   git ${cell(peer, 50)} ${cell(peer, tail)} ms ${ratio} ×`,
  );
}
