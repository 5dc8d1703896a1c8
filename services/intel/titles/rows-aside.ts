import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WorkRow } from '#libs/titles/rows';
import { TitleRows, type Titled } from './title-row.js';

const WORKER = new URL('./rows-worker.js', import.meta.url);
/** So long after the last question the thread ends, and the dictionary's 100 MB with it. */
const IDLE_MS = 60_000;
const HAN = /\p{sc=Han}/u;

interface Thread {
  worker: Worker;
  /** Who waits for an answer; answers come in the order of the questions. */
  waiting: { resolve: (rows: (WorkRow | undefined)[]) => void; reject: (error: Error) => void }[];
  idle: NodeJS.Timeout | undefined;
}
let thread: Thread | undefined;

/**
 * Works as rows of a title index, each in its place. Where readings may take the dictionary of Japanese they are made on a thread that
 * ends when it has had nothing to do for a minute; from sources, which have no such file, in place.
 */
export async function rowsAside(works: readonly Titled[]): Promise<(WorkRow | undefined)[]> {
  const isPlain = works.every(({ aliases }) => aliases.every(({ name }) => !HAN.test(name)));
  if (isPlain || !existsSync(fileURLToPath(WORKER))) {
    const rows = new TitleRows();
    return works.map((work) => rows.of(work));
  }
  const { worker, waiting, idle } = (thread ??= begin());
  clearTimeout(idle);
  return new Promise((resolve, reject) => {
    waiting.push({ resolve, reject });
    worker.postMessage(works);
  });
}

function begin(): Thread {
  const begun: Thread = { worker: new Worker(WORKER), waiting: [], idle: undefined };
  const { worker, waiting } = begun;
  worker.on('message', (rows: (WorkRow | undefined)[]) => {
    worker.unref();
    waiting.shift()!.resolve(rows);
    if (waiting.length > 0) return;
    begun.idle = setTimeout(() => {
      if (thread === begun) thread = undefined;
      void worker.terminate();
    }, IDLE_MS).unref();
  });
  const ended = (cause?: Error) => {
    if (thread === begun) thread = undefined;
    clearTimeout(begun.idle);
    for (const { reject } of waiting.splice(0))
      reject(new Error('The thread that reads Japanese titles ended before its answer.', { cause }));
  };
  worker.once('error', ended).once('exit', () => ended());
  return begun;
}
