import { setTimeout as sleep } from 'node:timers/promises';
import { asking, done, quantile } from './asking.js';

export interface HttpFigures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** Nodes that finish one job and take the next in one call, as fast as they are answered. */
export async function overHttp(
  port: number,
  { nodes, seconds }: { nodes: number; seconds: number },
): Promise<HttpFigures> {
  const { ask, close } = asking(port, nodes);
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: nodes }, async (_, n) => {
      const node_id = `node-${n + 1}`;
      let [job] = (await ask('/v1/jobs/lease', { node_id })).jobs ?? [];
      while (performance.now() < end) {
        const begun = performance.now();
        const answer =
          job === undefined
            ? await ask('/v1/jobs/lease', { node_id, wait_s: 1 })
            : await ask('/v1/jobs/finish', { ...done(node_id, job), then_lease: {} });
        if (job !== undefined) times.push(performance.now() - begun);
        [job] = answer.jobs ?? [];
      }
    }),
  );
  close();
  return { perSecond: times.length / seconds, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/** A thousand connected nodes of which so many a second take a lease, whatever the answers do; how long a lease takes. */
export async function offered(
  port: number,
  { nodes, perSecond, seconds }: { nodes: number; perSecond: number; seconds: number },
): Promise<HttpFigures> {
  const { ask, close } = asking(port, nodes);
  // All of them connect.
  await Promise.all(Array.from({ length: nodes }, (_, n) => ask('/v1/worker/heartbeat', { node_id: `node-${n + 1}` })));
  const times: number[] = [];
  const calls: Promise<void>[] = [];
  const one = async (node_id: string) => {
    const begun = performance.now();
    const [job] = (await ask('/v1/jobs/lease', { node_id })).jobs ?? [];
    times.push(performance.now() - begun);
    if (job !== undefined) await ask('/v1/jobs/finish', done(node_id, job));
  };
  const begun = performance.now();
  for (let n = 0; n < perSecond * seconds; n++) {
    await sleep(Math.max(0, begun + (n * 1000) / perSecond - performance.now()));
    calls.push(one(`node-${1 + (n % nodes)}`));
  }
  await Promise.all(calls);
  close();
  return { perSecond: times.length / seconds, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}
