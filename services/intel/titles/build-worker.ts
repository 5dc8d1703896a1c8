import 'reflect-metadata';
import { parentPort, workerData } from 'node:worker_threads';
import { buildFromDatabase, type IndexWish } from './build-from-database.js';

const { url, wish } = workerData as { url: string; wish: IndexWish };
const built = await buildFromDatabase(url, wish, () => parentPort!.postMessage('begun'));
const whole = built.bytes.byteLength === built.bytes.buffer.byteLength ? built.bytes : built.bytes.slice();
parentPort!.postMessage({ ...built, bytes: whole }, [whole.buffer as ArrayBuffer]);
