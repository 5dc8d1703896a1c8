import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { buildFromDatabase, type BuiltIndex } from './build-from-database.js';
import { IndexMaker, type MadeIndex } from './index-maker.js';

const WORKER = new URL('./build-worker.js', import.meta.url);
const PUBLIC_WORKER = new URL('./public-worker.js', import.meta.url);

/** Builds the title index on a thread of its own, so that questions are answered meanwhile; from sources, which have no such file, in place. */
export function buildAside(url: string, signal: AbortSignal): Promise<BuiltIndex> {
  if (!existsSync(fileURLToPath(WORKER))) return buildFromDatabase(url);
  return answerOf(new Worker(WORKER, { workerData: url }), signal);
}

/** A title index for everybody in the making: it is given the pages of the catalogue, and is made when they have ended. */
export interface PublicIndex {
  take(page: string): void;
  end(): void;
  /** Ends the thread when not all pages come; nothing is made. */
  abandon(): void;
  readonly made: Promise<MadeIndex>;
}

/** Makes a title index for everybody of the pages that somebody reads for another purpose too, on a thread like the one above. */
export function publicIndexAside(signal: AbortSignal): PublicIndex {
  if (!existsSync(fileURLToPath(PUBLIC_WORKER))) return publicIndexHere();
  const worker = new Worker(PUBLIC_WORKER);
  const made = answerOf<MadeIndex>(worker, signal);
  // Whoever reads the pages may fail first, and then nobody asks for it.
  made.catch(() => undefined);
  return {
    take: (page) => worker.postMessage(page),
    end: () => worker.postMessage(null),
    abandon: () => void worker.terminate(),
    made,
  };
}

function publicIndexHere(): PublicIndex {
  const maker = new IndexMaker(true);
  const { promise: made, resolve } = Promise.withResolvers<MadeIndex>();
  return { take: (page) => maker.take(page), end: () => resolve(maker.made()), abandon: () => undefined, made };
}

function answerOf<Answer>(worker: Worker, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stop = () => void worker.terminate();
    signal.addEventListener('abort', stop, { once: true });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => {
      signal.removeEventListener('abort', stop);
      reject(new Error('The thread that built the title index ended without it.'));
    });
  });
}
