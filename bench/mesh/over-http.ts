import { Agent, request } from 'node:http';

export interface HttpFigures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** Nodes that finish one job and take the next in one call, as fast as they are answered. */
export async function overHttp(
  port: number,
  key: string,
  { nodes, seconds }: { nodes: number; seconds: number },
): Promise<HttpFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: nodes });
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  const ask = (path: string, body: object) => post(agent, port, key, path, JSON.stringify(body));
  await Promise.all(
    Array.from({ length: nodes }, async (_, n) => {
      const node_id = `node-${n + 1}`;
      let [job] = (await ask('/v1/jobs/lease', { node_id })).jobs ?? [];
      while (performance.now() < end) {
        const begun = performance.now();
        const answer =
          job === undefined
            ? await ask('/v1/jobs/lease', { node_id, wait_s: 1 })
            : await ask('/v1/jobs/finish', {
                node_id,
                job_id: job.id,
                lease_token: job.lease_token,
                success: true,
                new_cursor_value: 'x',
                then_lease: {},
              });
        if (job !== undefined) times.push(performance.now() - begun);
        [job] = answer.jobs ?? [];
      }
    }),
  );
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? NaN;
  return { perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99) };
}

interface Answer {
  jobs?: { id: number; lease_token: string }[];
}

function post(agent: Agent, port: number, key: string, path: string, body: string): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-network-key': key,
  };
  return new Promise((resolve, reject) => {
    const asked = request({ agent, port, host: '127.0.0.1', method: 'POST', path, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve(JSON.parse(text) as Answer));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
