import { setTimeout as sleep } from 'node:timers/promises';

/** A process full of nodes that lease, crawl, keep alive and finish over HTTP, and write what was acknowledged to stdout. */
interface Settings {
  readonly place: number;
  readonly urls: readonly string[];
  readonly key: string;
  readonly nodes: number;
  readonly leaseMs: number;
  readonly zombies: number;
}
interface Job {
  id: number;
  lease_token: string;
  cursor: string | null;
}

const { place, urls, key, nodes, leaseMs, zombies } = JSON.parse(process.argv[2]!) as Settings;
let isOver = false;
process.on('SIGTERM', () => {
  isOver = true;
});

async function ask(path: string, body: object): Promise<{ status: number; body: Record<string, unknown> } | undefined> {
  try {
    const answer = await fetch(urls[Math.floor(Math.random() * urls.length)]! + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-network-key': key },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  } catch {
    return undefined;
  }
}

async function live(node_id: string, isZombie: boolean): Promise<void> {
  while (!isOver) {
    const answer = await ask('/v1/jobs/lease', { node_id, wait_s: 2 });
    const jobs = (answer?.body.jobs ?? []) as Job[];
    if (jobs.length === 0) await sleep(100 + Math.random() * 200);
    for (const job of jobs) if (!isOver) await work(node_id, job, isZombie);
  }
}

async function work(node_id: string, job: Job, isZombie: boolean): Promise<void> {
  const held = { node_id, job_id: job.id, lease_token: job.lease_token };
  if (isZombie && Math.random() < 0.5) await sleep(leaseMs * (1 + 2 * Math.random()));
  else if (Math.random() < 0.1) {
    for (let beats = 0; beats < 6; beats++) {
      await sleep(leaseMs / 5);
      await ask('/v1/worker/heartbeat', { node_id, lease_tokens: [job.lease_token] });
    }
  } else await sleep(Math.random() * 100);
  const lies = isZombie && Math.random() < 0.1;
  const success = Math.random() < 0.95;
  const report = {
    ...held,
    ...(lies && { job_id: job.id + 1 }),
    success,
    new_cursor_value: String(Number(job.cursor ?? 0) + 1),
    retry_after_s: 0,
  };
  for (let attempt = 0; attempt < 5; attempt++) {
    const answer = await ask('/v1/jobs/finish', report);
    if (answer?.status === 200 && success) {
      const [slot, epoch] = job.lease_token.split('.').map(Number);
      process.stdout.write(`${JSON.stringify({ job: report.job_id, slot, epoch, node: node_id })}\n`);
    }
    if (answer !== undefined && answer.status !== 503) return;
    await sleep(200);
  }
}

await Promise.all(Array.from({ length: nodes }, (_, n) => live(`node-${place}-${n}`, Math.random() < zombies)));
process.exit(0);
