/** Tells how far a long measurement is, where its figures do not go: on the error output. */
export type Progress = (done: number, all: number, what: string) => void;

/** Progress with the time it took so far, and what is left at this pace. */
export function progressOf(name: string): Progress {
  const begun = performance.now();
  return (done, all, what) => {
    const minutes = (performance.now() - begun) / 60_000;
    const left = (minutes * (all - done)) / done;
    console.error(`${name}: ${done} of ${all} after ${minutes.toFixed(1)} min, ${left.toFixed(1)} to go; ${what}`);
  };
}
