import 'reflect-metadata';
import { parentPort, workerData } from 'node:worker_threads';
import { buildFromDatabase } from './build-from-database.js';

const { url } = workerData as { url: string };
const built = await buildFromDatabase(url);
const whole = built.bytes.byteLength === built.bytes.buffer.byteLength ? built.bytes : built.bytes.slice();
parentPort!.postMessage({ ...built, bytes: whole }, [whole.buffer as ArrayBuffer]);
