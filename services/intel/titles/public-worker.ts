import { parentPort } from 'node:worker_threads';
import { givenAway } from './given-away.js';
import { IndexMaker } from './index-maker.js';

const maker = new IndexMaker(true);
parentPort!.on('message', (page: string | null) => {
  if (page !== null) return maker.take(page);
  parentPort!.postMessage(...givenAway(maker.made()));
  parentPort!.close();
});
