import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#libs/database/free-port';
import { testDatabase } from '#libs/testing/database';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** The gateway and projects as processes of their own, on PostgreSQL and RabbitMQ, and somebody who talks to them by HTTP. */
export interface TwoServices {
  readonly databaseUrl: string;
  ask(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<Json>;
  stop(): Promise<void>;
}

/** Starts them; with BENCH_PROFILE each writes a CPU profile into that folder when it ends. */
export async function startTwoServices(): Promise<TwoServices> {
  const database = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'commits-'));
  const port = await freePort();
  const settings = {
    ...process.env,
    APP_MODE: 'local',
    LOG_LEVEL: 'warn',
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    SECRET_KEY: 'the key of the benchmark',
  };
  const processes = await Promise.all(
    ['projects', 'gateway'].map(async (service) =>
      start(service, { ...settings, HEALTH_PORT: String(await freePort()), PORT: String(port) }),
    ),
  );
  const agent = new Agent({ keepAlive: true });
  let token = '';
  const send = (method: string, path: string, type: string, text: string | undefined) =>
    new Promise<Json>((resolve, reject) => {
      const headers: Record<string, string | number> = { authorization: `Bearer ${token}` };
      if (text !== undefined)
        Object.assign(headers, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
      const asked = request({ agent, port, host: '127.0.0.1', method, path: `/api/v1${path}`, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const said = Buffer.concat(chunks).toString();
          if ((answer.statusCode ?? 500) < 300) resolve(JSON.parse(said) as Json);
          else reject(new Error(`${path}: ${answer.statusCode} ${said.slice(0, 300)}`));
        });
      });
      asked.on('error', reject);
      asked.end(text);
    });
  const ask: TwoServices['ask'] = (method, path, body) =>
    send(method, path, 'application/json', body === undefined ? undefined : JSON.stringify(body));
  const account = { email: 'ada@example.org', password: 'secret words' };
  await patiently(() => ask('POST', '/auth/register', { ...account, full_name: 'Ada' }));
  const form = new URLSearchParams({ username: account.email, password: account.password }).toString();
  token = ((await send('POST', '/auth/login', 'application/x-www-form-urlencoded', form)) as { access_token: string })
    .access_token;
  return {
    databaseUrl: database.url,
    ask,
    stop: async () => {
      agent.destroy();
      await Promise.all(processes.map(end));
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function start(service: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const profile = process.env.BENCH_PROFILE;
  const options = profile ? ['--cpu-prof', `--cpu-prof-dir=${join(profile, service)}`] : [];
  return spawn(process.execPath, [...options, `dist/services/${service}/main.js`], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (const until = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 100)))
    try {
      return await work();
    } catch (thrown) {
      if (Date.now() > until) throw thrown;
    }
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
