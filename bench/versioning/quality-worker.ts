import { parentPort, workerData } from 'node:worker_threads';
import { judgeOurs } from './quality-pairs.js';

/** One thread of the quality benchmark: pieces of so many pairs, each from a seed of its own, told as they are done. */
const { seeds, pairs } = workerData as { seeds: number[]; pairs: number };
for (const seed of seeds) parentPort!.postMessage(judgeOurs({ seed, pairs }));
