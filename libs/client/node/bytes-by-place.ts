import { hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { DamagedFileError, type BlockChecks, type BytesByPlace } from '#libs/snapshot/world';

/**
 * The bytes of a file, each block read and compared with its hash when it is first needed. No file is kept open: one that another
 * program has removed meanwhile is told as damaged.
 */
export function bytesByPlace(
  path: string,
  { length, block, hashes }: BlockChecks,
  read: (path: string, bytes: Uint8Array, range: Range) => void = readFromFile,
): BytesByPlace {
  const bytes = new Uint8Array(length);
  const isThere = new Uint8Array(Math.ceil(length / block));
  const bring = (from: number, to: number): void => {
    const end = Math.min(to * block, length);
    read(path, bytes, { from: from * block, end });
    for (let at = from; at < to; at++) {
      const found = hash('sha256', bytes.subarray(at * block, Math.min((at + 1) * block, end)), 'buffer');
      if (!found.equals(hashes.subarray(at * 32, (at + 1) * 32))) {
        bytes.fill(0, from * block, end);
        throw new DamagedFileError(`${path} is not what it was when it was taken in.`);
      }
      isThere[at] = 1;
    }
  };
  const need = (from: number, to: number): void => {
    if (to <= from) return;
    const last = Math.floor((to - 1) / block);
    for (let at = Math.floor(from / block); at <= last; at++) {
      if (isThere[at] === 1) continue;
      const first = at;
      while (at < last && isThere[at + 1] === 0) at++;
      bring(first, at + 1);
    }
  };
  return { bytes, need };
}

interface Range {
  from: number;
  end: number;
}

function readFromFile(path: string, bytes: Uint8Array, { from, end }: Range): void {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    for (let at = from; at < end;) {
      const count = readSync(file, bytes, at, end - at, at);
      if (count === 0) throw new RangeError('It ends too soon.');
      at += count;
    }
  } catch (cause) {
    throw new DamagedFileError(`${path} cannot be read.`, { cause });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
