import 'reflect-metadata';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DataSource } from 'typeorm';
import { connectionOptions } from '#libs/database/connection-options';
import { platformBy } from '#libs/testing/running-platform';
import { bangumiWorks, BANGUMI_DATA } from '../../services/intel/works/bangumi-data.js';
import { takeInWorks } from '../../services/intel/works/take-in-works.js';
import { startPlatform } from '../../services/local/start-platform.js';

const ROUNDS = 500;

/**
 * The four GETs of unmodified clients over HTTP with the starting catalogue, one after the other, each on a connection of its own
 * and on one that is kept; beside a bare Node server in the same process, each on a connection of its own.
 */
export async function benchOverHttp(): Promise<void> {
  const platform = await platformBy(startPlatform, { INTEL_SNAPSHOT_MINUTES: '0', RATE_LIMIT_PER_MINUTE: '1000000' });
  const titles = await fill(platform.databaseUrl);
  const bare = createServer((_, answer) => answer.end('{}')).listen(0, '127.0.0.1');
  const kept = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const title = (n: number) => encodeURIComponent(titles[(n * 37) % titles.length]!);
    while ((await get(`${platform.url}/v1/alias/resolve?q=${title(0)}`)) === '{}')
      await new Promise((resolve) => setTimeout(resolve, 200));
    const paths: Record<string, (n: number) => string> = {
      'GET /v1/alias/resolve': (n) => `/v1/alias/resolve?q=${title(n)}`,
      'GET /v1/alias/search': (n) => `/v1/alias/search?q=${title(n)}`,
      'GET /v1/index/{release_key}': (n) => `/v1/index/unknown-${n}-2000-anime`,
      'GET /v1/rules/latest': () => '/v1/rules/latest',
    };
    const { port } = bare.address() as AddressInfo;
    for (const [name, path] of Object.entries(paths)) {
      const own = await times((n) => get(platform.url + path(n)));
      const same = await times((n) => get(platform.url + path(n), kept));
      const peer = await times(() => get(`http://127.0.0.1:${port}/`));
      console.log(`${name.padEnd(28)} own connection ${said(own)}, kept ${said(same)}, bare Node ${said(peer)}`);
    }
  } finally {
    kept.destroy();
    bare.close();
    await platform.close();
  }
}

async function fill(url: string): Promise<string[]> {
  const data = await new DataSource(
    connectionOptions('intel', { DATABASE_URL: url, DATABASE_POOL_SIZE: 1 }, []),
  ).initialize();
  const works = bangumiWorks();
  for (let at = 0; at < works.length; at += 250)
    await data.transaction((manager) => takeInWorks(manager, BANGUMI_DATA.source, works.slice(at, at + 250)));
  await data.destroy();
  return works.map(({ title }) => title);
}

async function times(work: (n: number) => Promise<unknown>): Promise<number[]> {
  for (let n = 0; n < 50; n++) await work(ROUNDS + n);
  const taken: number[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    const began = performance.now();
    await work(n);
    taken.push(performance.now() - began);
  }
  return taken.sort((a, b) => a - b);
}

const said = (taken: number[]) =>
  `p50 ${taken[ROUNDS >> 1]!.toFixed(1)} p99 ${taken[Math.floor(ROUNDS * 0.99)]!.toFixed(1)} ms`;

/** The body of an answer; without an agent on a connection of its own. */
function get(url: string, agent: Agent | false = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text: string) => (body += text));
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve(body) : reject(new Error(`${url} answered ${answer.statusCode}`)),
      );
    });
    asked.on('error', reject).end();
  });
}
