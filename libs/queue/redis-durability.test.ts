import { createLog } from '#libs/observability/logger';
import { durabilityFaults, requireDurableRedis } from './redis-durability.js';

const log = createLog({ service: 'test', level: 'silent', format: 'json' });

test('a Redis that evicts nothing and writes everything down is taken', () => {
  expect(durabilityFaults({ maxmemory_policy: 'noeviction', aof_enabled: '1' })).toEqual([]);
});

test('a Redis that may evict jobs, or forgets them when it restarts, is refused with what to set', () => {
  expect(durabilityFaults({ maxmemory_policy: 'allkeys-lru', aof_enabled: '0' })).toEqual([
    'this Redis may evict jobs (maxmemory-policy allkeys-lru); set maxmemory-policy noeviction',
    'this Redis forgets its jobs when it restarts (no append-only file); set appendonly yes',
  ]);
});

test('what a managed Redis does not tell is not held against it', () => {
  expect(durabilityFaults({ maxmemory_policy: 'noeviction' })).toEqual([]);
  expect(durabilityFaults({})).toEqual([]);
});

test('a Redis that does not answer is unavailable, by its address and without its password', async () => {
  await expect(requireDurableRedis('redis://:secret@127.0.0.1:1', log, 300)).rejects.toMatchObject({
    code: 'unavailable',
    message: 'Redis at 127.0.0.1:1 cannot be reached. Is it running?',
  });
});
