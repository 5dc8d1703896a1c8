import { monthIn } from './month-in.js';

const DAY_MS = 86_400_000;
const SPANS: Readonly<Record<string, number>> = { s: 1, sec: 1, second: 1, 秒: 1, m: 60, min: 60, minute: 60, 分: 60, 分钟: 60, 分鐘: 60, h: 3600, hr: 3600, hour: 3600, 时: 3600, 時: 3600, 小时: 3600, 小時: 3600, d: 86_400, day: 86_400, 天: 86_400, 日: 86_400, w: 604_800, wk: 604_800, week: 604_800, 周: 604_800, mo: 2_592_000, mon: 2_592_000, month: 2_592_000, 月: 2_592_000, 个月: 2_592_000, 個月: 2_592_000, y: 31_536_000, yr: 31_536_000, year: 31_536_000, 年: 31_536_000 }; // prettier-ignore
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/**
 * The moment somebody may mean who writes as on a page: "now", "today 14:05", "yesterday", "Friday at 10:00", "3 hours ago",
 * seconds since 1970, a date with or without its year. In UTC unless it says otherwise; undefined when it is none.
 */
export function fuzzyDate(text: string, now: Date): Date | undefined {
  const given = text.slice(0, 200).trim().toLowerCase();
  if (given === '') return undefined;
  if (/^(?:just\s+)?now$/.test(given)) return now;
  if (/^\d{9,10}(?:\.\d+)?$/.test(given)) return new Date(Number(given) * 1000);
  if (/^\d{12,13}$/.test(given)) return new Date(Number(given));
  return onDayNamed(given, now) ?? dated(given, now) ?? ago(given, now);
}

function onDayNamed(text: string, now: Date): Date | undefined {
  const [, word] =
    /^(today|yesterday|tomorrow|(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*)\b(?!,?\s*\d{1,2}\s+[a-z]{3})/.exec(text) ?? [];
  if (word === undefined) return undefined;
  const at = { today: 0, yesterday: 1, tomorrow: -1 }[word];
  const weekday = WEEKDAYS.indexOf(word.slice(0, 3));
  const back = at ?? (now.getUTCDay() - weekday + 7) % 7;
  const midnight = Math.floor(now.getTime() / DAY_MS) * DAY_MS - back * DAY_MS;
  return new Date(midnight + (timeIn(text.slice(word.length)) ?? 0));
}

/** A date as most write it, with the year left out where it is this one or, were it to come, the last. */
function dated(text: string, now: Date): Date | undefined {
  const iso = /^(\d{4})[-./](\d{1,2})[-./](\d{1,2})/.exec(text);
  const named = /\b(\d{1,2})(?:st|nd|rd|th)?[\s.-]+([a-z]{3,9})\.?(?:[\s,.'-]+(\d{4}|\d{2})(?![:\d]))?/.exec(text);
  const american = /\b([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?![:\d])(?:[\s,']+(\d{4})(?![:\d]))?/.exec(text);
  const numbers = /^(\d{1,2})[-./](\d{1,2})(?:[-./](\d{4}|\d{2}))?(?![\d:])/.exec(text);
  let date: { year: string | undefined; month: number; day: string } | undefined;
  let rest = text;
  const take = (found: RegExpExecArray, year: string | undefined, month: number, day: string) => {
    date = { year, month, day };
    rest = text.slice(found.index + found[0].length);
  };
  if (iso) take(iso, iso[1], Number(iso[2]) - 1, iso[3]!);
  else if (named && monthIn(named[2]!) !== undefined) take(named, named[3], monthIn(named[2]!)!, named[1]!);
  else if (american && monthIn(american[1]!) !== undefined)
    take(american, american[3], monthIn(american[1]!)!, american[2]!);
  else if (numbers && /[-./\s]/.test(text) && numbers[3] !== undefined)
    take(
      numbers,
      numbers[3],
      Number(numbers[Number(numbers[1]) > 12 ? 2 : 1]) - 1,
      numbers[Number(numbers[1]) > 12 ? 1 : 2]!,
    );
  else if (numbers && Number(numbers[1]) <= 12) take(numbers, undefined, Number(numbers[1]) - 1, numbers[2]!);
  if (date === undefined || date.month > 11 || Number(date.day) > 31 || date.month < 0) return undefined;
  const { year, month, day } = date;
  const full = year === undefined ? now.getUTCFullYear() : year.length === 2 ? 2000 + Number(year) : Number(year);
  const moment = Date.UTC(full, month, Number(day)) + (timeIn(rest) ?? 0) - zoneIn(rest);
  const past = year === undefined && moment > now.getTime() + DAY_MS;
  return new Date(past ? Date.UTC(full - 1, month, Number(day)) + (timeIn(rest) ?? 0) - zoneIn(rest) : moment);
}

function timeIn(text: string): number | undefined {
  const [, hours, minutes = '0', seconds = '0', fraction = '', half] =
    /(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?\s*([ap]m?)?/.exec(text) ??
    /\b(\d{1,2})()()()\s*([ap]m)/.exec(text) ??
    [];
  if (hours === undefined) return undefined;
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half.startsWith('p') ? 12 : 0);
  if (hour > 23 || Number(minutes) > 59 || Number(seconds) > 60) return undefined;
  return ((hour * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Math.trunc(Number(`0${fraction}`) * 1000);
}

/** How far the zone behind a time is ahead of UTC; the first that is named counts. */
function zoneIn(text: string): number {
  const [, zone] = /\d{2}(?:\.\d+)?\s*(?:[ap]m)?\s*(z\b|gmt\b|utc\b|[+-]\d{2}:?\d{2})/.exec(text) ?? [];
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '') ?? [];
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function ago(text: string, now: Date): Date | undefined {
  let seconds = 0;
  let found = false;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?|\ban?\b)\s*([a-z]+|[\u4e00-\u9fff]+)/g)) {
    const word = unit!.replace(/前$/, '');
    const known = [word, word.replace(/s$/, '')].find((one) => Object.hasOwn(SPANS, one));
    if (known === undefined) continue;
    seconds += (number!.startsWith('a') ? 1 : Number(number)) * SPANS[known]!;
    found = true;
  }
  const moment = new Date(now.getTime() - seconds * 1000);
  return found && Number.isFinite(moment.getTime()) ? moment : undefined;
}
