/** How a budget of so many in a window is kept by one timestamp (GCRA): the distance of two, and how far one may run ahead. */
export interface Emission {
  readonly emitMs: number;
  readonly toleranceMs: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BURST_SHARE = 0.05;

/**
 * At most `budget` in any window, shared by `streams`, of which a twentieth may come at once. Bursts are taken from the
 * long-run rate, so that no window ever sees more than the budget, and at least 95 % of it can be used.
 */
export function emission(budget: number | null, windowMs: number, streams: number, pace: number): Emission {
  if (budget === null) return { emitMs: 0, toleranceMs: 0 };
  const share = Math.max(1, Math.floor((budget * pace) / streams));
  const burst = Math.max(1, Math.floor(share * BURST_SHARE));
  const emitMs = Math.ceil(windowMs / (share - burst + 1));
  return { emitMs, toleranceMs: (burst - 1) * emitMs };
}

/** The emissions of a group's budgets per hour and per day. */
export function emissions(group: { per_hour: number | null; per_day: number | null; streams: number; pace: number }) {
  return {
    hour: emission(group.per_hour, HOUR_MS, group.streams, group.pace),
    day: emission(group.per_day, DAY_MS, group.streams, group.pace),
  };
}

/** How a site took our visit: well, or it asked us to slow down (429, 503), or it shut the door (403). */
export type Reception = 'welcome' | 'throttled' | 'forbidden';

/** What a visit's last status says of it; a visit that failed for a reason of its own asks for a pause by naming one. */
export function receptionOf(visit: { status: number | null; asksForPause: boolean; failed: boolean }): Reception {
  const { status, asksForPause, failed } = visit;
  if (status === 403) return 'forbidden';
  return status === 429 || status === 503 || (failed && asksForPause) ? 'throttled' : 'welcome';
}

export interface Pressure {
  readonly level: number;
  readonly sinceMs: number | null;
}

const FORGET_MS = 30 * 60_000;
const FIRST_MS = 60_000;
const MOST_LEVELS = 11;

/**
 * How long a stream rests after a visit, measured from its end: the minimum interval with up to a tenth more; when the
 * site throttled us, what it asked for, or else a minute that doubles with each time up to a day. Thirty quiet minutes
 * are forgotten. A site that took our visit well asks for nothing. A closed door doubles like a throttle and is never shortened by what the site asks.
 */
export function restAfter(visit: {
  minIntervalMs: number;
  pace: number;
  reception: Reception;
  retryAfterMs: number | null;
  pressure: Pressure;
  nowMs: number;
  random: number;
}): { restMs: number; level: number } {
  const { minIntervalMs, pace, reception, retryAfterMs, pressure, nowMs, random } = visit;
  const jitter = 1 + random / 10;
  const usual = Math.ceil((minIntervalMs / pace) * jitter);
  const isForgotten = pressure.sinceMs === null || nowMs - pressure.sinceMs >= FORGET_MS;
  const before = isForgotten ? 0 : pressure.level;
  if (reception === 'welcome') return { restMs: usual, level: before };
  const level = Math.min(before + 1, MOST_LEVELS);
  const backOff = Math.min(DAY_MS, FIRST_MS * 2 ** (level - 1)) * jitter;
  const asked = reception === 'throttled' && retryAfterMs !== null ? retryAfterMs : backOff;
  return {
    restMs: Math.ceil(Math.min(Math.max(usual, asked, reception === 'forbidden' ? backOff : 0), 7 * DAY_MS)),
    level,
  };
}

/** A time of day when a site is left alone, `22:30` to `06:00`, at so many minutes east of Greenwich. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
  readonly offset_minutes: number;
}

/** When the quiet hours that reign at `nowMs` end; null when none do. Hours may pass midnight; equal ends mean all day. */
export function quietUntil(hours: readonly QuietHours[], nowMs: number): number | null {
  let until: number | null = null;
  for (let moment = nowMs, rounds = 0; rounds <= hours.length; rounds++) {
    const ends = hours.map((one) => endOf(one, moment)).filter((end) => end !== null);
    if (ends.length === 0) return until;
    moment = until = Math.max(...ends);
  }
  return until;
}

function endOf({ from, to, offset_minutes }: QuietHours, nowMs: number): number | null {
  const local = nowMs + offset_minutes * 60_000;
  const day = Math.floor(local / DAY_MS) * DAY_MS;
  const time = local - day;
  const [begin, end] = [timeOfDay(from), timeOfDay(to)];
  const within = begin < end ? time >= begin && time < end : time >= begin || time < end;
  if (!within) return null;
  const wait = end > time ? end - time : end - time + DAY_MS;
  return nowMs + wait;
}

function timeOfDay(text: string): number {
  const [hours = '0', minutes = '0'] = text.split(':');
  return (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** A site's pace after a block: six tenths of what it was, never below a fiftieth. */
export const paceAfterBlock = (pace: number): number => Math.max(0.02, pace * 0.6);
