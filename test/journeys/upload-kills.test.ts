import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { Upload } from '#libs/contracts/media-uploads';
import { connectionOptions } from '#libs/database/connection-options';
import { freePort } from '#libs/database/free-port';
import { eventually, serviceProcess, type ServiceProcess } from '#libs/testing/child-process';
import { testDatabase } from '#libs/testing/database';
import { STORE_KINDS, testStore } from '#libs/testing/object-stores';
import { Collect } from '../../services/media/collection/collect.js';
import { DeadObjects } from '../../services/media/collection/dead-objects.js';
import type { MediaConfig } from '../../services/media/config.js';
import { MEDIA_ENTITIES } from '../../services/media/media.module.js';

/**
 * A file is uploaded while the platform is killed (SIGKILL) and the client loses all but the upload's id, again and again.
 * UPLOAD_KILLS and UPLOAD_MIB make it longer: 100 and 1024 is the target of the design.
 */
const KILLS = Number(process.env.UPLOAD_KILLS ?? 3);
/** The last tenth of the kills is for the time when all parts are there. */
const KILLS_AMID = Math.ceil(KILLS * 0.9);
const MIB = 1024 * 1024;
const SIZE = Number(process.env.UPLOAD_MIB ?? 36) * MIB + 12_345;

test.each(STORE_KINDS)(
  'in %s a file arrives whole however often client and platform are killed, and nothing is left over',
  async (kind) => {
    const [database, store, port] = [await testDatabase(), await testStore(kind), await freePort()];
    const url = `http://127.0.0.1:${port}`;
    const environment = {
      ...store.environment,
      ...{ APP_MODE: 'local', LOG_FORMAT: 'json', DATABASE_URL: database.url, SECRET_KEY: 'a key for tests only' },
      ...{ PORT: String(port), PUBLIC_URL: url },
    };
    let platform: ServiceProcess | undefined;
    const isUp = async () => (await fetch(`${url}/readyz`)).ok;
    const start = async () => {
      platform = serviceProcess('local/main', environment);
      await eventually(isUp);
    };
    let token = '';
    const api = async <T>(method: string, path: string, body?: object): Promise<T> => {
      const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
      const answer = await fetch(`${url}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    };
    try {
      await start();
      const account = { email: 'ada@example.org', password: 'secret words' };
      await api('POST', '/auth/register', account);
      const form = new URLSearchParams({ username: account.email, password: account.password });
      const login = await fetch(`${url}/api/v1/auth/login`, { method: 'POST', body: form });
      token = ((await login.json()) as { access_token: string }).access_token;

      const film = randomBytes(SIZE);
      const sha256 = createHash('sha256').update(film).digest('hex');
      const files = [{ filename: 'film.bin', size: SIZE, sha256 }];
      const [begun] = (await api<{ uploads: Upload[] }>('POST', '/media/uploads', { files })).uploads;
      const path = `/media/uploads/${begun!.id}`;
      let [sent, kills] = [0, 0];

      /** Of so many parts so many may be there before the next kill: none is spared by being too late. */
      const share = (parts: number) =>
        kills < KILLS_AMID ? Math.floor((parts * (kills + 1)) / (KILLS_AMID + 1)) : parts;

      /** One life of a client that knows only the id: it asks what is missing, sends it, and is done or dies. */
      const live = async (death: AbortSignal): Promise<boolean> => {
        const { state, part_count, part_size, uploaded_parts } = await api<Upload>('GET', path);
        if (state === 'done') return true;
        const there = new Set(uploaded_parts.map(({ part_number }) => part_number));
        for (let number = 1; number <= part_count; number++) {
          if (there.has(number)) continue;
          if (there.size >= share(part_count)) return false;
          const wish = { part_numbers: [number] };
          const { parts } = await api<{ parts: { url: string }[] }>('POST', `${path}/parts`, wish);
          const body = film.subarray((number - 1) * part_size!, number * part_size!);
          sent++;
          const answer = await fetch(parts[0]!.url, { method: 'PUT', body, signal: death });
          if (!answer.ok) throw new Error(`part ${number}: ${answer.status}`);
          there.add(number);
        }
        await api('POST', `${path}/complete`);
        return eventually(async () => (await api<Upload>('GET', path)).state === 'done');
      };

      for (let done = false; !done;) {
        const death = new AbortController();
        const life = live(death.signal).catch(() => false);
        if (kills < KILLS) {
          await sleep(Math.random() * 150);
          if (kills++ % 2 === 0) death.abort();
          else platform!.signal('SIGKILL');
        }
        done = await life;
        if (!(await isUp().catch(() => false))) {
          await platform!.ended;
          await start();
        }
      }
      const { asset } = await api<Upload>('GET', path);
      expect(asset).toMatchObject({ state: 'ready', sha256, size: SIZE });
      expect(kills).toBeGreaterThanOrEqual(KILLS_AMID);
      expect(sent - begun!.part_count).toBeLessThanOrEqual(kills);
      const { url: link } = await api<{ url: string }>('GET', `/media/assets/${asset!.id}/link`);
      const back = createHash('sha256');
      for await (const chunk of (await fetch(link)).body!) back.update(chunk);
      expect(back.digest('hex')).toBe(sha256);

      platform!.signal('SIGTERM');
      await platform!.ended;
      await leftOver(database.url, store.store, sha256);
    } finally {
      platform?.signal('SIGKILL');
      await platform?.ended;
      await store.close();
      await database.drop();
    }
  },
  120_000 + KILLS * 10_000,
);

/** After the reaper has gone round, the store holds the bytes of the file once and nothing else; `snap/` is the intel service's. */
async function leftOver(url: string, store: Awaited<ReturnType<typeof testStore>>['store'], sha256: string) {
  const source = new DataSource(
    connectionOptions('media', { DATABASE_URL: url, DATABASE_POOL_SIZE: 2 }, MEDIA_ENTITIES),
  );
  const database = await source.initialize();
  try {
    const config = { MEDIA_KEEP_DELETED_DAYS: 14 } as MediaConfig;
    const reaper = new Collect(
      database,
      undefined as never,
      undefined as never,
      new DeadObjects(database, store),
      config,
    );
    await reaper.run(new Date(Date.now() + 2 * 3600 * 1000));
    const keys: string[] = [];
    for await (const { key } of store.list()) if (!key.startsWith('snap/')) keys.push(key);
    expect(keys).toEqual([expect.stringMatching(new RegExp(`^sha256/.*/${sha256}/`))]);
    for await (const open of store.listUploads()) throw new Error(`${open.key} is still open`);
  } finally {
    await database.destroy();
  }
}
