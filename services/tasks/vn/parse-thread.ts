import { parentPort } from 'node:worker_threads';
import type { Engine } from '../domain/vn/script.js';
import { previewScript, readScript } from './read-script.js';

interface Asked {
  id: number;
  way: 'read' | 'preview';
  engine: Engine;
  text: string;
}

/** A thread beside the event loop that reads scripts, one after the other. */
parentPort!.on('message', ({ id, way, engine, text }: Asked) => {
  try {
    parentPort!.postMessage({ id, answer: (way === 'read' ? readScript : previewScript)(engine, text) });
  } catch (thrown) {
    parentPort!.postMessage({ id, failure: String((thrown as Error).stack ?? thrown) });
  }
});
