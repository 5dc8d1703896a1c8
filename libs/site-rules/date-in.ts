const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const PARTS: Readonly<Record<string, string>> = {
  yyyy: '(?<yyyy>\\d{4})', yy: '(?<yy>\\d{2})', MMM: '(?<MMM>[A-Za-z]{3})[a-z]*', MM: '(?<MM>\\d{2})', M: '(?<M>\\d{1,2})',
  dd: '(?<dd>\\d{2})', d: '(?<d>\\d{1,2})', HH: '(?<HH>\\d{2})', H: '(?<H>\\d{1,2})', mm: '(?<mm>\\d{2})', ss: '(?<ss>\\d{2})',
  zzz: '(?<zzz>[+-]\\d{2}:?\\d{2}|Z)',
}; // prettier-ignore
const TOKENS = /yyyy|yy|MMM|MM|M|dd|d|HH|H|mm|ss|zzz|[^A-Za-z]+|[A-Za-z]+/g;
const SPANS: Readonly<Record<string, number>> = { s: 1, sec: 1, second: 1, 秒: 1, min: 60, minute: 60, 分: 60, 分钟: 60, 分鐘: 60, h: 3600, hour: 3600, 时: 3600, 小时: 3600, 小時: 3600, d: 86_400, day: 86_400, 天: 86_400, 日: 86_400, w: 604_800, week: 604_800, 周: 604_800, month: 2_592_000, 月: 2_592_000, 个月: 2_592_000, 個月: 2_592_000, y: 31_536_000, year: 31_536_000, 年: 31_536_000 }; // prettier-ignore

/**
 * The moment a text names in a format as `yyyy-MM-dd HH:mm:ss zzz`, in UTC unless it says otherwise; the format `ago` reads
 * "3 hours 5 min ago" and "2天" back from now. Undefined when the text is not so.
 */
export function dateIn(text: string, format: string, now: Date): Date | undefined {
  if (format === 'ago') return ago(text, now);
  const source = (format.match(TOKENS) ?? []).map(
    (token) => PARTS[token] ?? token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+'),
  );
  let groups: Record<string, string | undefined> | undefined;
  try {
    groups = new RegExp(source.join('')).exec(text.slice(0, 200))?.groups;
  } catch {
    return undefined;
  }
  if (!groups) return undefined;
  const number = (...names: string[]) =>
    Number(names.map((name) => groups[name]).find((value) => value !== undefined) ?? Number.NaN);
  const year = groups.yy === undefined ? number('yyyy') : 2000 + Number(groups.yy);
  const month = groups.MMM === undefined ? number('MM', 'M') - 1 : MONTHS.indexOf(groups.MMM.toLowerCase());
  const [day, hour, minute, second] = [number('dd', 'd'), number('HH', 'H') || 0, number('mm') || 0, number('ss') || 0];
  const moment = Date.UTC(
    Number.isNaN(year) ? now.getUTCFullYear() : year,
    month,
    Number.isNaN(day) ? 1 : day,
    hour,
    minute,
    second,
  );
  if (Number.isNaN(moment) || month < 0 || month > 11 || day > 31 || hour > 23 || minute > 59 || second > 60)
    return undefined;
  return new Date(moment - offsetMs(groups.zzz));
}

function offsetMs(zone = 'Z'): number {
  if (zone === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function ago(text: string, now: Date): Date | undefined {
  let seconds = 0;
  let found = false;
  for (const [, number, unit] of text.slice(0, 200).matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+|[\u4e00-\u9fff]+)/gi)) {
    const word = unit!.toLowerCase().replace(/前$/, '');
    const span = SPANS[word] ?? SPANS[word.replace(/s$/, '')];
    if (span === undefined) continue;
    seconds += Number(number) * span;
    found = true;
  }
  return found ? new Date(now.getTime() - seconds * 1000) : undefined;
}
