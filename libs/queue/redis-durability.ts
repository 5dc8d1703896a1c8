import { Redis } from 'ioredis';
import { ConfigError } from '#libs/config/read-config';
import { AppError } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';

/**
 * Resolves when Redis is one that keeps what it was given: nothing evicted, every write on disk. Otherwise ConfigError
 * says what to set. A managed Redis that does not tell is let through with a warning.
 */
export async function requireDurableRedis(url: string, log: Log, patienceMs = 60_000): Promise<void> {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    disconnectTimeout: 500,
    retryStrategy: (times) => Math.min(times * 100, 1000),
  });
  let lastError: Error | undefined;
  redis.on('error', (error: Error) => (lastError = error));
  try {
    const facts = factsOf(await within(patienceMs, Promise.all([redis.info('memory'), redis.info('persistence')])));
    const faults = durabilityFaults(facts);
    if (faults.length > 0) throw new ConfigError(faults.map((fault) => `REDIS_URL: ${fault}`));
    for (const name of UNSAID.filter((name) => facts[name] === undefined))
      log.warn(
        `Redis does not tell its ${name}: make sure yourself that it evicts nothing and has an append-only file`,
      );
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    if (error instanceof Error && error.name === 'ReplyError') return refused(error, log);
    const host = new URL(url).host;
    throw new AppError('unavailable', `Redis at ${host} cannot be reached. Is it running?`, undefined, {
      cause: lastError ?? error,
    });
  } finally {
    redis.disconnect();
  }
}

const UNSAID = ['maxmemory_policy', 'aof_enabled'] as const;
type Facts = Record<string, string>;

/** What about a Redis would lose jobs, in words that say what to set; nothing when all is well or not told. */
export function durabilityFaults(facts: Facts): string[] {
  const { maxmemory_policy: policy, aof_enabled: aof } = facts;
  return [
    ...(policy !== undefined && policy !== 'noeviction'
      ? [`this Redis may evict jobs (maxmemory-policy ${policy}); set maxmemory-policy noeviction`]
      : []),
    ...(aof === '0' ? ['this Redis forgets its jobs when it restarts (no append-only file); set appendonly yes'] : []),
  ];
}

function factsOf(sections: string[]): Facts {
  const lines = sections.join('\n').split(/\r?\n/);
  return Object.fromEntries(lines.filter((line) => line.includes(':')).map((line) => line.split(':', 2)));
}

function refused(error: Error, log: Log): void {
  if (/^(NOAUTH|WRONGPASS)/.test(error.message)) throw new ConfigError([`REDIS_URL: ${error.message}`]);
  log.warn(
    { err: error },
    'Redis does not let itself be asked: make sure yourself that it evicts nothing and has an append-only file',
  );
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
