import { parentPort } from 'node:worker_threads';
import { TitleRows, type Titled } from './title-row.js';

parentPort!.on('message', (works: Titled[]) => {
  const rows = new TitleRows();
  parentPort!.postMessage(works.map((work) => rows.of(work)));
});
