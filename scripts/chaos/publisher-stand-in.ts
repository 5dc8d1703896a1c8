import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a platform saw: for each job the calls it was told of, by their keys, and how often each came. */
export interface Ledger {
  readonly url: string;
  readonly effects: ReadonlyMap<string, ReadonlyMap<string, number>>;
  close(): void;
}

/** Stands for a platform that treats calls of one key as one, and writes down every call that reaches it. */
export async function publisherStandIn(): Promise<Ledger> {
  const effects = new Map<string, Map<string, number>>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { job_id } = JSON.parse(body) as { job_id: string };
      const key = String(request.headers['idempotency-key']);
      const calls = effects.get(job_id) ?? new Map<string, number>();
      effects.set(job_id, calls.set(key, (calls.get(key) ?? 0) + 1));
      // Slow enough for some calls to be cut off in the middle.
      setTimeout(() => response.end('{}'), Math.random() * 60);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    effects,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
