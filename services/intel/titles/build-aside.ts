import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { buildFromDatabase, type BuiltIndex, type IndexWish } from './build-from-database.js';

const WORKER = new URL('./build-worker.js', import.meta.url);

/**
 * Builds the title index on a thread of its own, so that questions are answered meanwhile; from sources, which have no such file, in
 * place. `begun` is called when it stands at its moment, and the transaction that exported that may end.
 */
export function buildAside(
  url: string,
  signal: AbortSignal,
  wish: IndexWish = {},
  begun: () => void = () => undefined,
): Promise<BuiltIndex> {
  if (!existsSync(fileURLToPath(WORKER))) return buildFromDatabase(url, wish, begun);
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: { url, wish } });
    const stop = () => void worker.terminate();
    signal.addEventListener('abort', stop, { once: true });
    worker.on('message', (message: BuiltIndex | 'begun') => (message === 'begun' ? begun() : resolve(message)));
    worker.once('error', reject);
    worker.once('exit', () => {
      signal.removeEventListener('abort', stop);
      reject(new Error('The thread that built the title index ended without it.'));
    });
  });
}
