import { frameTime, type FrameTime } from '../frame-rate.js';
import { nearest, times, type Fraction } from '../fraction.js';
import type { Shot } from '../shot.js';
import { canDrop, hasTimecode, timecodeOf } from '../timecode.js';
import type { LossPlace } from './loss.js';

/** A shot as the place of a loss; `rate` is the film's. */
export function placeOfShot({ ids, name, row, start, rate: own }: PlacedShot, rate: Fraction): LossPlace {
  return {
    kind: 'shot',
    ...(ids.timelineItem !== undefined && { id: ids.timelineItem }),
    name,
    row: row.name,
    ...timeOf(start, [rate, own]),
  };
}

/** A moment of the film, in frames of the first of the rates that it falls on a frame of, and by its timecode if that has any. */
export function timeOf(
  seconds: Fraction,
  rates: readonly [Fraction, ...Fraction[]],
): { at: FrameTime; timecode?: string } {
  const [rate] = rates;
  const at = frameTime(seconds, [...rates]);
  const frame = nearest(times(seconds, rate));
  if (!hasTimecode(rate) || frame < 0n || !Number.isSafeInteger(at.value)) return { at };
  return { at, timecode: timecodeOf(Number(frame), { rate, isDrop: canDrop(rate) }) };
}

type PlacedShot = Pick<Shot, 'ids' | 'name' | 'row' | 'start' | 'rate'>;
