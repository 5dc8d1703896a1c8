import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import type { NewStep, Undo } from './steps.js';

/** A step with what it undoes as it is kept. */
export interface PackedStep extends Omit<NewStep, 'undo'> {
  undo: Uint8Array | null;
}

export async function packUndo(undo: Undo): Promise<Buffer> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
  return promisify(brotliCompress)(Buffer.from(JSON.stringify(undo)), { params });
}

export async function readUndo(packed: Uint8Array): Promise<Undo> {
  return JSON.parse((await promisify(brotliDecompress)(packed)).toString('utf8')) as Undo;
}
