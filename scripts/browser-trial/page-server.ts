import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { packageRoot } from '#libs/config/package-root';

export interface PageServer {
  readonly url: string;
  close(): void;
}

/** Serves the page of the trial, and the package as it is published below `/client`, from an origin of their own. */
export async function servePage(client: string): Promise<PageServer> {
  const page = join(packageRoot(), 'scripts', 'browser-trial', 'page.html');
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url!, 'http://page').pathname);
    const [file, type] = path.startsWith('/client/')
      ? [join(client, path.slice('/client/'.length)), 'text/javascript']
      : [page, 'text/html'];
    readFile(file).then(
      (bytes) => response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}
