import { parentPort } from 'node:worker_threads';
import type { FeedRow } from '../works/feed-row.js';
import { TitleRows } from './title-row.js';

parentPort!.on('message', (works: FeedRow[]) => {
  const rows = new TitleRows();
  parentPort!.postMessage(works.map((work) => rows.of(work)));
});
