import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { BackingService } from './backing-service.js';
import { freePorts } from './free-ports.js';
import { programPath } from './programs.js';

/** Redis: in memory only, and it refuses to forget jobs when memory runs out. */
export const redis: BackingService = {
  name: 'redis',
  title: 'Redis',
  address: 'REDIS_URL',
  credentials: [],
  variables: ['REDIS_URL'],
  programs: { 'redis-server': 'redis-server' },

  async check(address) {
    const client = new Redis(address, {
      lazyConnect: true,
      retryStrategy: null,
      maxRetriesPerRequest: 0,
      connectTimeout: 5000,
    });
    let reason: Error | undefined;
    client.on('error', (error: Error) => (reason = error));
    try {
      await client.connect();
      await client.ping();
    } catch (error) {
      throw reason ?? error;
    } finally {
      client.disconnect();
    }
  },

  async start(workplace) {
    const folder = workplace.makeFolder('redis');
    const [port] = await freePorts(1);
    const password = randomBytes(16).toString('hex');
    const settings = [
      'bind 127.0.0.1',
      `port ${port}`,
      `requirepass ${password}`,
      `dir ${folder}`,
      'save ""',
      'appendonly no',
      'maxmemory-policy noeviction',
      'daemonize no',
    ];
    const file = join(folder, 'redis.conf');
    writeFileSync(file, `${settings.join('\n')}\n`, { mode: 0o600 });
    const address = `redis://:${password}@127.0.0.1:${port}`;
    const server = workplace.start('redis-server', programPath('redis-server'), [file]);
    await workplace.until(server, () => redis.check(address), 20);
    return { REDIS_URL: address };
  },
};
