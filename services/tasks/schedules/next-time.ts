import { Cron } from 'croner';
import { AppError } from '#libs/errors/app-error';

/** The first moment after `after` that a five-field cron pattern names on the clocks of a time zone; `invalid` if none. */
export function nextTime({ cron, time_zone }: { cron: string; time_zone: string }, after: Date): Date {
  const next = read(cron, time_zone, after);
  if (next) return next;
  throw new AppError('invalid', `The cron pattern ${cron} names a time that never comes.`);
}

function read(cron: string, timezone: string, after: Date): Date | null {
  if (!isTimeZone(timezone))
    throw new AppError('invalid', `${timezone} is not a time zone; give an IANA name, as Asia/Shanghai.`);
  try {
    if (/^\d{4}-/.test(cron.trim())) throw new Error('a single moment does not come again');
    return new Cron(cron, { timezone, mode: '5-part', paused: true }).nextRun(after);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('invalid', `cron is not a pattern of five fields, as "0 9 * * 1": ${why}`);
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
