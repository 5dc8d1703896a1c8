import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Gives a loopback port that nobody listens on, below the range from which the system takes ports for outgoing
 * connections: one of those could have it before its listener has started. Another listener still may.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 32_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const listener = createServer();
    listener.once('error', () => answer(false));
    listener.listen(port, '127.0.0.1', () => listener.close(() => answer(true)));
  });
}
