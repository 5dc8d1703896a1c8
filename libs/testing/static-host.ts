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

export interface StaticOptions {
  /** Where the files stand, as `mirror/snap/`; at the root of the host unless given. */
  below?: string;
  /** What the host says of a file besides its tag. */
  headers?: (path: string) => Record<string, string>;
}

/** Serves a host in memory over HTTP as any static one does: with tags, 304 and 404, and nothing else. */
export async function serveStatic(
  host: MemoryHost,
  { below = '', headers = () => ({}) }: StaticOptions = {},
): Promise<StaticHost> {
  const log: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url!.startsWith(`/${below}`) ? request.url!.slice(1 + below.length) : 'nothing there';
    for (const [name, value] of Object.entries(headers(path))) response.setHeader(name, value);
    answer(host, path, request, response).then(
      () => log.push(`${response.statusCode} ${path}`),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${below}`,
    log,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  host: MemoryHost,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const etag = `"${createHash('sha256')
    .update(host.files.get(path) ?? '')
    .digest('hex')}"`;
  const stream = await host.open(path);
  if (!stream) response.writeHead(404).end();
  else if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
  else await pipeline(Readable.from(stream), response.writeHead(200, { etag }));
}
