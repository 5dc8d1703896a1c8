import { Redis } from 'ioredis';

/** The databases of the one test server: whoever takes wake-ups, or empties everything, needs one of its own. */
const PLACES = {
  'tasks engine': 5,
  'tasks worker': 6,
  'tasks survive': 7,
  'watched fleet': 8,
  'one trace': 9,
} as const;

/** The address of a Redis database that no other test file uses, on the server of REDIS_URL. */
export function testRedisUrl(place: keyof typeof PLACES): string {
  const given = process.env.REDIS_URL;
  if (given === undefined || given === '') throw new Error('REDIS_URL is not set. Run the tests with: npm test');
  const url = new URL(given);
  url.pathname = `/${PLACES[place]}`;
  return url.href;
}

/** Makes that database lose everything, as Redis does when it is killed. */
export async function emptyRedis(url: string): Promise<void> {
  const redis = new Redis(url);
  await redis.flushdb();
  await redis.quit();
}
