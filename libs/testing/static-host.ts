import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MemoryHost } from './snapshot-world.js';

export interface StaticHost {
  readonly url: string;
  /** The status of each answer so far, with its path. */
  readonly log: string[];
  close(): Promise<void>;
}

/** Serves a host in memory over HTTP as any static one does: with tags, 304 and 404, and nothing else. */
export async function serveStatic(host: MemoryHost): Promise<StaticHost> {
  const log: string[] = [];
  const server = createServer((request, response) => {
    answer(host, request, response).then(
      () => log.push(`${response.statusCode} ${request.url!.slice(1)}`),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    log,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(host: MemoryHost, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url!.slice(1);
  const etag = `"${createHash('sha256')
    .update(host.files.get(path) ?? '')
    .digest('hex')}"`;
  const stream = await host.open(path);
  if (!stream) response.writeHead(404).end();
  else if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
  else await pipeline(Readable.from(stream), response.writeHead(200, { etag }));
}
