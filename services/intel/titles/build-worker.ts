import 'reflect-metadata';
import { parentPort, workerData } from 'node:worker_threads';
import { buildFromDatabase } from './build-from-database.js';

const { url, publicOnly } = workerData as { url: string; publicOnly: boolean };
const built = await buildFromDatabase(url, publicOnly);
const whole = built.bytes.byteLength === built.bytes.buffer.byteLength ? built.bytes : built.bytes.slice();
parentPort!.postMessage({ ...built, bytes: whole }, [whole.buffer as ArrayBuffer]);
