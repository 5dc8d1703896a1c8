import { createServer, type AddressInfo } from 'node:net';

/** Gives a loopback port that nobody listens on at this moment; another process may take it before you do. */
export async function freePort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((done, fail) => listener.once('error', fail).listen(0, '127.0.0.1', done));
  const { port } = listener.address() as AddressInfo;
  await new Promise((done) => listener.close(done));
  return port;
}
