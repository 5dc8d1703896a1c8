import type { Redis } from 'ioredis';

/** What one Bull queue holds; `ready_at` is when its oldest waiting job could have run, or null. */
export interface BullDepth {
  readonly waiting: number;
  readonly delayed: number;
  readonly running: number;
  readonly ready_at: number | null;
}

/**
 * One look at one Bull queue. Bull keeps the waiting jobs in one list, the most urgent at its end, and within one
 * priority the oldest last: so the oldest of all is the last of some priority. A delayed job whose time has come, and
 * which no worker has moved yet, counts as waiting.
 */
const LOOK = `
local waiting, overdue = redis.call('LLEN', KEYS[1]), redis.call('ZCOUNT', KEYS[3], 0, ARGV[2] * 4096)
local oldest = nil
local function seen(readyAt)
  if readyAt and (not oldest or readyAt < oldest) then oldest = readyAt end
end
local place = -1
for _, priority in ipairs(cjson.decode(ARGV[3])) do
  local id = redis.call('LINDEX', KEYS[1], place)
  if id then
    local job = redis.call('HMGET', ARGV[1] .. id, 'timestamp', 'opts', 'processedOn')
    if job[1] then seen(math.max(job[1] + (cjson.decode(job[2]).delay or 0), tonumber(job[3] or 0))) end
  end
  place = place - redis.call('ZCOUNT', KEYS[4], priority, priority)
end
if overdue > 0 then seen(redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')[2] / 4096) end
local all = redis.call('ZCARD', KEYS[3])
return { waiting + overdue, all - overdue, redis.call('LLEN', KEYS[2]), oldest and string.format('%.0f', oldest) or false }
`;

export async function bullDepth(redis: Redis, prefix: string, priorities: readonly number[]): Promise<BullDepth> {
  const keys = ['wait', 'active', 'delayed', 'priority'].map((list) => `${prefix}:${list}`);
  const answer = await redis.eval(LOOK, keys.length, ...keys, `${prefix}:`, Date.now(), JSON.stringify(priorities));
  const [waiting, delayed, running, oldest] = answer as [number, number, number, string | null];
  return { waiting, delayed, running, ready_at: oldest === null ? null : Number(oldest) };
}
