/** What is known of a work on a site, taken together from everybody who saw it. */
export interface Sight {
  last_seen: Date;
  witnesses: number;
  /** The mean trust in the witnesses, from 0 to 1. */
  trust: number;
}

const HALF_LIFE_DAYS = 45;
const DAY_MS = 86_400_000;

/**
 * How sure it is that a site has a work, from 0 to 100: freshness, which halves every 45 days, times breadth, where each
 * further witness adds half of what is missing, times reliability.
 */
export function siteScore({ last_seen, witnesses, trust }: Sight, now: Date): number {
  const days = Math.max(0, now.getTime() - last_seen.getTime()) / DAY_MS;
  const freshness = 2 ** (-days / HALF_LIFE_DAYS);
  const breadth = 1 - 2 ** -witnesses;
  return Math.round(100 * freshness * breadth * Math.min(1, Math.max(0, trust)) ** 0.5 * 100) / 100;
}
