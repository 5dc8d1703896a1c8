import { fraction, type Fraction } from './fraction.js';

/** How a list counts: frames per second, exactly, and whether labels are dropped to keep up with the clock. */
export interface Count {
  rate: Fraction;
  isDrop: boolean;
}

/** The number of a frame by its label; nothing for what is no timecode, or for a label that is dropped. */
export function framesOf(timecode: string, { rate, isDrop }: Count): number | undefined {
  const label = /^(\d{1,2})[:;.,](\d{2})[:;.,](\d{2})[:;.,](\d{2,3})$/.exec(timecode);
  if (!label) return undefined;
  const [hours, minutes, seconds, frames] = label.slice(1).map(Number) as [number, number, number, number];
  const base = labelsPerSecond(rate);
  if (hours > 23 || minutes > 59 || seconds > 59 || frames >= base) return undefined;
  const labels = ((hours * 60 + minutes) * 60 + seconds) * base + frames;
  if (!isDrop || !canDrop(rate)) return labels;
  const dropped = droppedPerMinute(base);
  if (minutes % 10 !== 0 && seconds === 0 && frames < dropped) return undefined;
  const allMinutes = hours * 60 + minutes;
  return labels - dropped * (allMinutes - Math.floor(allMinutes / 10));
}

/** The label of a frame; after a day the labels begin again. */
export function timecodeOf(frames: number, { rate, isDrop }: Count): string {
  const base = labelsPerSecond(rate);
  const drops = isDrop && canDrop(rate);
  const day = framesOfADay({ rate, isDrop });
  const frame = ((frames % day) + day) % day;
  const labels = drops ? frame + droppedBefore(frame, base) : frame;
  const seconds = Math.floor(labels / base);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const digits = String(base - 1).length;
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return `${clock}${drops ? ';' : ':'}${String(labels % base).padStart(Math.max(2, digits), '0')}`;
}

/** How many frames there are from a label to the same one a day later. */
export function framesOfADay({ rate, isDrop }: Count): number {
  const base = labelsPerSecond(rate);
  const drops = isDrop && canDrop(rate);
  return 86_400 * base - (drops ? droppedPerMinute(base) * (1440 - 144) : 0);
}

/** Labels are dropped at 29.97 and 59.94 frames a second alone. */
export function canDrop({ n, d }: Fraction): boolean {
  return d === 1001n && (n === 30_000n || n === 60_000n);
}

/** Whether frames of that rate can have timecodes at all: labels have at most three digits for frames. */
export function hasTimecode(rate: Fraction): boolean {
  return rate.n > 0n && labelsPerSecond(rate) <= 1000;
}

/** The next whole number of frames from the rate on. */
function labelsPerSecond(rate: Fraction): number {
  const { n, d } = fraction(rate.n, rate.d);
  return Number((n + d - 1n) / d);
}

const droppedPerMinute = (base: number): number => base / 15;

/** In each minute but every tenth the first labels are missing. */
function droppedBefore(frame: number, base: number): number {
  const dropped = droppedPerMinute(base);
  const minute = base * 60 - dropped;
  const tenMinutes = base * 600 - dropped * 9;
  const tens = Math.floor(frame / tenMinutes);
  const rest = frame % tenMinutes;
  const minutes = rest < base * 60 ? 0 : 1 + Math.floor((rest - base * 60) / minute);
  return dropped * (tens * 9 + minutes);
}
