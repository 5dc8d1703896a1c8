import * as worker from '#libs/contracts/mesh';
import * as jobs from '#libs/contracts/mesh-jobs';
import * as sites from '#libs/contracts/mesh-sites';
import { eventually } from '#libs/testing/child-process';
import { meshForTests } from '#libs/testing/running-mesh';
import { mesh } from '../service.js';

const { call, admin, network_key, database } = meshForTests(mesh);
const as = { node_id: 'n1', network_key };

const put = (site_id: string, settings: object = {}) =>
  call(sites.putSite, { site_id, min_interval_ms: 0, ...settings }, admin);
const cursorOf = (site_id: string) => call(sites.getCursor, { site_id, name: 'main' }, admin);
/** Where the cursor of a site lives. */
const isAtHome = async (site_id: string) =>
  (await database.query('select from slots s join sites t on t.id = s.home where t.site_id = $1', [site_id]))
    .rowCount === 1;

async function lease(site_id: string) {
  await call(jobs.createJobs, { jobs: [{ site_id }] }, admin);
  const [job] = (await call(worker.leaseJobs, { ...as, want_sites: [site_id] })).jobs;
  const { id: job_id, lease_token, cursor, cursor_version } = job!;
  const held = { ...as, job_id, lease_token: lease_token! };
  return {
    cursor,
    cursor_version,
    finish: (new_cursor_value: string) => call(worker.finishJob, { ...held, success: true, new_cursor_value }),
    progress: (cursor_value: string) => call(worker.reportProgress, { ...held, cursor_value }),
  };
}

test('a site that has a stream for itself has its cursor in the row of its lease, and everybody reads it there', async () => {
  await put('alone');
  const first = await lease('alone');
  expect(first).toMatchObject({ cursor: null, cursor_version: 0 });
  expect(await first.progress('1')).toMatchObject({ cursor_version: 1 });
  expect(await first.finish('2')).toMatchObject({ cursor_version: 2 });
  expect(await isAtHome('alone')).toBe(true);
  expect(await cursorOf('alone')).toMatchObject({ value: '2', version: 2 });
  expect((await call(sites.listCursors, { site_id: 'alone' }, admin)).items).toMatchObject([
    { value: '2', version: 2 },
  ]);
  expect(await lease('alone')).toMatchObject({ cursor: '2', cursor_version: 2 });
});

test('who sets a cursor during a lease wins over the lease, and the next lease has what was set', async () => {
  await put('set');
  const held = await lease('set');
  await held.progress('1');
  expect(await call(sites.putCursor, { site_id: 'set', name: 'main', value: 'mine' }, admin)).toMatchObject({
    version: 2,
  });
  await expect(held.finish('2')).rejects.toMatchObject({ details: { reason: 'cursor_conflict', cursor_version: 2 } });
  expect(await cursorOf('set')).toMatchObject({ value: 'mine', version: 2 });
});

test('a lease that was being asked for while somebody set the cursor has what was set, whether it was at home before or not', async () => {
  for (const [site_id, crawls] of [
    ['fresh', 0],
    ['crawled', 1],
  ] as const) {
    await put(site_id);
    for (let n = 0; n < crawls; n++) await (await lease(site_id)).finish('old');
    const hand = await database.connect();
    await hand.query('begin');
    await hand.query('select bring_cursor(id) from sites where site_id = $1', [site_id]);
    await hand.query(
      `update cursors set value = 'mine', version = 7 where name = 'main' and site = (select id from sites where site_id = $1)`,
      [site_id],
    );
    const wish = lease(site_id);
    wish.catch(() => {});
    await eventually(async () => {
      const { rowCount } = await database.query(
        `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      return rowCount === 1;
    });
    await hand.query('commit');
    hand.release();
    const held = await wish;
    expect(held).toMatchObject({ cursor: 'mine', cursor_version: 7 });
    await held.finish('next');
    expect(await cursorOf(site_id)).toMatchObject({ value: 'next', version: 8 });
  }
});

test('a cursor stays what it is when others come into the group of its site, and when they leave', async () => {
  await put('host', { group: 'shared' });
  await (await lease('host')).finish('1');
  const held = await lease('host');
  expect(await isAtHome('host')).toBe(true);
  await put('guest', { group: 'shared' });
  expect(await isAtHome('host')).toBe(false);
  expect(await held.progress('2')).toMatchObject({ cursor_version: 2 });
  expect(await held.finish('3')).toMatchObject({ cursor_version: 3 });
  const guest = await lease('guest');
  expect(guest).toMatchObject({ cursor: null, cursor_version: 0 });
  await guest.finish('a');
  expect(await lease('host').then((one) => one.finish('4'))).toMatchObject({ cursor_version: 4 });
  await put('guest', { group: 'elsewhere' });
  const again = await lease('host');
  expect(again).toMatchObject({ cursor: '4', cursor_version: 4 });
  expect(await isAtHome('host')).toBe(true);
  await again.finish('5');
  expect([await cursorOf('host'), await cursorOf('guest')]).toMatchObject([
    { value: '5', version: 5 },
    { value: 'a', version: 1 },
  ]);
});

test('a cursor stays what it is when its site changes its group, and when it is opened to more workers and closed again', async () => {
  await put('moving');
  await (await lease('moving')).finish('1');
  await put('moving', { group: 'of its own' });
  expect(await cursorOf('moving')).toMatchObject({ value: '1', version: 1 });
  await (await lease('moving')).finish('2');
  await put('moving', { group: 'of its own', max_workers: 2, streams: 2 });
  expect(await isAtHome('moving')).toBe(false);
  const [one, two] = [await lease('moving'), await lease('moving')];
  expect([one.cursor_version, two.cursor_version]).toEqual([2, 2]);
  await one.finish('3');
  await expect(two.finish('4')).rejects.toMatchObject({ details: { reason: 'cursor_conflict' } });
  // One stream too many is still held: the cursor has to stay where both can move it.
  await put('moving', { group: 'of its own', max_workers: 1, streams: 1 });
  expect(await cursorOf('moving')).toMatchObject({ value: '3', version: 3 });
});
