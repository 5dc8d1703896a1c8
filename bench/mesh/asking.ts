import { Agent, request } from 'node:http';
import { KEY } from './service-process.js';

export interface Job {
  readonly id: number;
  readonly lease_token: string;
}
export interface Answer {
  readonly jobs?: readonly Job[];
  readonly reason?: string;
}
export type Ask = (path: string, body: object) => Promise<Answer>;

/** Asks a door over connections that stay open, at most `sockets` at once. */
export function asking(port: number, sockets: number): { ask: Ask; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets });
  const ask: Ask = (path, body) => {
    const text = JSON.stringify(body);
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'x-network-key': KEY,
    };
    return new Promise((resolve, reject) => {
      const asked = request({ agent, port, host: '127.0.0.1', method: 'POST', path, headers }, (answer) => {
        let told = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (told += chunk));
        answer.on('end', () => resolve(JSON.parse(told) as Answer));
      });
      asked.on('error', reject);
      asked.end(text);
    });
  };
  return { ask, close: () => agent.destroy() };
}

/** The report of a job that went well. */
export const done = (node_id: string, { id, lease_token }: Job) => ({
  node_id,
  job_id: id,
  lease_token,
  success: true,
  new_cursor_value: 'x',
});

/** The value below which a share of numbers lie. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
