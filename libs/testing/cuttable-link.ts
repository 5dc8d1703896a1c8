import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CuttableLink {
  /** The same URL, through the link. */
  readonly url: string;
  /** Ends every connection and refuses new ones, as a lost server would. */
  cut(): void;
  mend(): void;
  /** From now on it leads to the server of another URL, one that came back at another port. */
  moveTo(url: string): void;
  close(): Promise<void>;
}

/** A wire to a real server that a test can cut, mend and move. */
export async function cuttableLink(to: string): Promise<CuttableLink> {
  let target = new URL(to);
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) return void client.destroy();
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
  const cut = () => {
    isCut = true;
    for (const socket of open) socket.destroy();
  };
  return {
    url: url.href,
    cut,
    mend: () => {
      isCut = false;
    },
    moveTo: (moved) => {
      target = new URL(moved);
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
