import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Loopback ports that nobody listens on, below the range from which the system takes ports for outgoing connections. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(15_000, 32_000);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const listener = createServer();
    listener.once('error', () => answer(false));
    listener.listen(port, '127.0.0.1', () => listener.close(() => answer(true)));
  });
}
