import { isDocument } from '../document.js';
import { isRawNumber } from '../exact-json.js';

/** When a shot is on the screen, in seconds, and from where in its media it plays. */
export interface Timing {
  start: number;
  end: number;
  source: number | undefined;
}

/** What happened to a shot in time: it starts later by `shift`, lost `head` and `tail`, plays from `slip` later in its media. */
export interface Retiming {
  shift: number;
  head: number;
  tail: number;
  slip: number;
}

/**
 * Reads two timings as the edits a person would have made. A trimmed head may have pulled the start along or not; of the
 * readings that are possible, the one counts whose shift is the first in `expected`, which are those of the neighbours.
 */
export function retimingOf(before: Timing, after: Timing, expected: (number | undefined)[] = []): Retiming {
  const [started, ended] = [after.start - before.start, after.end - before.end];
  const longer = ended - started;
  const played = before.source === undefined || after.source === undefined ? 0 : after.source - before.source;
  if (isNothing(longer)) return { shift: started, head: 0, tail: 0, slip: played };
  const head = isNothing(played) ? -longer : played;
  const tail = isNothing(played) ? 0 : -longer - played;
  const headKeptPlace: Retiming = { shift: started - head, head, tail, slip: 0 };
  const readings: Retiming[] = isNothing(played)
    ? [{ shift: started, head: 0, tail: -longer, slip: 0 }, headKeptPlace]
    : [{ shift: started, head, tail, slip: 0 }, headKeptPlace];
  for (const shift of [...expected, 0]) {
    const fitting = shift !== undefined && readings.find((reading) => isSameTime(reading.shift, shift));
    if (fitting) return fitting;
  }
  return readings[0]!;
}

/** Whether a shot kept its length and its media, so that there is only one way to read what happened to it. */
export function isOnlyShifted(before: Timing, after: Timing): boolean {
  const { head, tail, slip } = retimingOf(before, after);
  return [head, tail, slip].every(isNothing);
}

/** Far below a frame, and above what rounding to millionths and adding in floating point can do. */
const TOLERANCE = 5e-6;
export const isNothing = (seconds: number): boolean => Math.abs(seconds) < TOLERANCE;
export const isSameTime = (a: number, b: number): boolean => isNothing(a - b);

/** A time as JSON has it, in seconds; nothing for what is no time. */
export function secondsOf(value: unknown): number | undefined {
  const seconds = isRawNumber(value) ? Number(value.rawJSON) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds : undefined;
}

/** Frames per second, from the exact time that one of the things notes beside its seconds. */
export function rateOf(things: unknown[]): number | undefined {
  for (const thing of things) {
    const exact = isDocument(thing) && isDocument(thing.exact) ? thing.exact : {};
    const rate: unknown = isDocument(exact.duration) ? exact.duration.rate : undefined;
    if (!Array.isArray(rate)) continue;
    const [frames, seconds] = (rate as unknown[]).map(secondsOf);
    if (frames && seconds && frames > 0 && seconds > 0) return frames / seconds;
  }
  return undefined;
}

/** A length of time without the dust of floating point, with its frames if they are whole at that rate. */
export function span(seconds: number, rate: number | undefined): { seconds: number; frames?: number } {
  const rounded = Math.round(seconds * 1e6) / 1e6 || 0;
  const frames = rate === undefined ? NaN : Math.round(rounded * rate);
  const isWhole = rate !== undefined && Math.abs(rounded * rate - frames) < 1e-3;
  return isWhole ? { seconds: rounded, frames: frames || 0 } : { seconds: rounded };
}
