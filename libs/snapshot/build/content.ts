import { createHash } from 'node:crypto';
import { textOf, type BareMap } from '../bare-map.js';
import { plainGzip } from './gzip.js';

/** The bytes of a file, with the hash of them and the packed form. */
export interface Content {
  bytes: Buffer;
  sha256: string;
  gz: () => Promise<Buffer>;
  count: number;
}

const BATCH = 4096;

/** The one text of a map as bytes; lets others have their turn while a large one is written. */
export async function contentOfMap(map: BareMap): Promise<Content> {
  const parts: Buffer[] = [];
  let batch: string[] = [];
  for (const piece of textOf(map)) {
    if (batch.push(piece) < BATCH) continue;
    parts.push(Buffer.from(batch.join(''), 'utf8'));
    batch = [];
    await new Promise(setImmediate);
  }
  parts.push(Buffer.from(batch.join(''), 'utf8'));
  return contentOfBytes(Buffer.concat(parts), map.size);
}

export function contentOfBytes(bytes: Buffer, count: number): Content {
  let gz: Promise<Buffer> | undefined;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { bytes, sha256, count, gz: () => (gz ??= plainGzip(bytes)) };
}
