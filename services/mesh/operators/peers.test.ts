import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { Caller } from '#libs/contracts/caller';
import * as worker from '#libs/contracts/mesh';
import * as jobs from '#libs/contracts/mesh-jobs';
import * as operators from '#libs/contracts/mesh-operators';
import * as sites from '#libs/contracts/mesh-sites';
import { eventually } from '#libs/testing/child-process';
import { runServices, type RunningServices } from '#libs/testing/running';
import { mesh } from '../service.js';

/** A neighbour, which says what the test lets it say, signed. */
const admin: Caller = { user_id: randomUUID(), role: 'admin', session_id: randomUUID() };
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
let said: { site_id: string; owner: string; url: string; epoch: number }[] = [];
let neighbour: Server;
/** One that never comes to an end: the first page again and again, or one that is endless. */
let endless: Server;
let isOnePage = false;
let running: RunningServices;
beforeAll(async () => {
  neighbour = createServer((request, response) => {
    const after = new URL(request.url!, 'http://x').searchParams.get('after') ?? '0';
    const claims = said.slice(Number(after));
    const signed = JSON.stringify({ cluster: 'east', claims, after: String(said.length), complete: true });
    const signature = sign(null, Buffer.from(signed), privateKey).toString('base64url');
    response.end(JSON.stringify({ signed, signature }));
  });
  await new Promise<void>((resolve) => neighbour.listen(0, '127.0.0.1', resolve));
  const { port } = neighbour.address() as AddressInfo;
  endless = createServer((_, response) => {
    const signed = JSON.stringify({ cluster: 'west', claims: [], after: '0', complete: false });
    const signature = sign(null, Buffer.from(signed), privateKey).toString('base64url');
    if (!isOnePage) return response.end(JSON.stringify({ signed, signature }));
    return Readable.from(blanks())
      .on('error', () => undefined)
      .pipe(response);
  });
  await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
  const key = publicKey.export({ format: 'jwk' }).x as string;
  running = await runServices([mesh], {
    NETWORK_SHARED_KEY: 'a key for tests',
    MESH_MIN_INTERVAL_MS: '0',
    MESH_PUBLIC_URL: 'https://main.example.org',
    MESH_PEERS: `west=http://127.0.0.1:${(endless.address() as AddressInfo).port}#${key} east=http://127.0.0.1:${port}#${key}`,
    MESH_PEERS_EVERY_S: '1',
  });
});
afterAll(async () => {
  await running.close();
  await new Promise((resolve) => neighbour.close(resolve));
  endless.closeAllConnections();
  await new Promise((resolve) => endless.close(resolve));
});
function* blanks() {
  for (;;) yield Buffer.alloc(64 * 1024, ' ');
}
const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);
const node = { node_id: 'n1', network_key: 'a key for tests' };

async function siteWithJob(): Promise<string> {
  const site_id = `site-${randomUUID().slice(0, 8)}`;
  await call(sites.putSite, { site_id, min_interval_ms: 0 }, admin);
  await call(jobs.createJobs, { jobs: { site_id } }, admin);
  return site_id;
}
const says = (site_id: string, epoch: number) => {
  said = [...said, { site_id, owner: 'east', url: 'https://east.example.org', epoch }];
};
const acts = async (act: string, site_id: string) =>
  (await call(operators.listAudit, { act }, admin)).items.filter(({ subject }) => subject === site_id);

test('a site that another cluster claims is not crawled on here: the lease ends, and its job waits', async () => {
  const site = await siteWithJob();
  const [job] = (await call(worker.leaseJobs, { ...node, want_sites: [site] })).jobs;
  says(site, 7);
  const beat = { ...node, lease_tokens: [job!.lease_token!] };
  const { lost } = await eventually(async () => {
    const answer = await call(worker.heartbeat, beat);
    return answer.lost.length > 0 && answer;
  });
  expect(lost).toMatchObject([{ job_id: job!.id }]);
  expect(await call(sites.getSite, { site_id: site }, admin)).toMatchObject({ owner: 'east', claim_epoch: 7 });
  expect(await call(jobs.getJob, { job_id: job!.id }, admin)).toMatchObject({ state: 'pending', attempts: 0 });
  await expect(call(worker.finishJob, { ...node, job_id: job!.id, success: true })).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('an epoch so high that it would hold for ever is believed of nobody', async () => {
  const [site, next] = [await siteWithJob(), await siteWithJob()];
  says(site, Number.MAX_SAFE_INTEGER);
  says(next, 1_000_000);
  await eventually(async () => (await acts('site.yielded', next)).length > 0);
  expect(await acts('site.claim_refused', site)).toHaveLength(1);
  expect(await call(sites.getSite, { site_id: site }, admin)).toMatchObject({ owner: null, claim_epoch: 0 });
  const mine = { site_id: site, cluster: 'main', url: 'https://main.example.org', expected_epoch: 0 };
  await expect(call(operators.claimSite, { ...mine, epoch: Number.MAX_SAFE_INTEGER }, admin)).rejects.toMatchObject({
    code: 'invalid',
  });
});

test('a cluster that never comes to an end, in pages or in one page, keeps nobody from being followed', async () => {
  for (const one of [false, true]) {
    isOnePage = one;
    const site = await siteWithJob();
    says(site, 9);
    await eventually(async () => (await acts('site.yielded', site)).length === 1);
  }
});
