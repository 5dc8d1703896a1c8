import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A wire to a server that may come back at another port: the address stays, the other end moves. */
export async function movableWire(to: string): Promise<{ url: string; moveTo(url: string): void; close(): void }> {
  let target = new URL(to);
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(to);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    moveTo: (moved) => {
      target = new URL(moved);
    },
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
