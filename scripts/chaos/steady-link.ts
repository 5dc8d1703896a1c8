import { connect, createServer, type AddressInfo } from 'node:net';

/** An address that stays, before a server that comes back on another port each time. */
export interface SteadyLink {
  readonly url: string;
  leadTo(url: string): void;
  close(): void;
}

export async function steadyLink(first: string): Promise<SteadyLink> {
  let target = new URL(first);
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    client.on('error', () => upstream.destroy());
    client.on('close', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    upstream.on('close', () => client.destroy());
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(first);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    leadTo: (next) => {
      target = new URL(next);
    },
    close: () => void server.close(),
  };
}
