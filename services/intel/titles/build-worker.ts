import 'reflect-metadata';
import { parentPort, workerData } from 'node:worker_threads';
import { buildFromDatabase } from './build-from-database.js';
import { givenAway } from './given-away.js';

const built = await buildFromDatabase(workerData as string);
parentPort!.postMessage(...givenAway(built));
