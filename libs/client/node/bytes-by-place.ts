import { hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { DamagedFileError, type BlockChecks, type BytesByPlace } from '#libs/snapshot/world';

/**
 * The bytes of a file, each block read and compared with its hash when it is first needed. No file is kept open: one that another
 * program has removed meanwhile is told as damaged. Once it was found damaged it says so for good: nothing more is had of it.
 */
export function bytesByPlace(
  path: string,
  { length, block, hashes }: BlockChecks,
  read: (path: string, bytes: Uint8Array, range: Range) => void = readFromFile,
): BytesByPlace {
  const bytes = new Uint8Array(length);
  const isThere = new Uint8Array(Math.ceil(length / block));
  let damage: DamagedFileError | undefined;
  /** Nobody sees bytes that were not compared. */
  const bring = (first: number, next: number): void => {
    const from = first * block;
    const found = new Uint8Array(Math.min(next * block, length) - from);
    read(path, found, { from, end: from + found.length });
    for (let at = first; at < next; at++) {
      const digest = hash('sha256', found.subarray(at * block - from, (at + 1) * block - from), 'buffer');
      if (!digest.equals(hashes.subarray(at * 32, (at + 1) * 32)))
        throw new DamagedFileError(`${path} is not what it was when it was taken in.`);
    }
    bytes.set(found, from);
    isThere.fill(1, first, next);
  };
  const need = (from: number, to: number): void => {
    if (damage) throw damage;
    if (to <= from) return;
    const last = Math.floor((to - 1) / block);
    for (let at = Math.floor(from / block); at <= last; at++) {
      if (isThere[at] === 1) continue;
      const first = at;
      while (at < last && at - first < MOST_AT_ONCE - 1 && isThere[at + 1] === 0) at++;
      try {
        bring(first, at + 1);
      } catch (error) {
        if (error instanceof DamagedFileError) damage = error;
        throw error;
      }
    }
  };
  return { bytes, need };
}

/** Of blocks that are read at once: so many stand in memory twice for a moment. */
const MOST_AT_ONCE = 64;

interface Range {
  from: number;
  end: number;
}

function readFromFile(path: string, bytes: Uint8Array, { from, end }: Range): void {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    for (let at = from; at < end;) {
      const count = readSync(file, bytes, at - from, end - at, at);
      if (count === 0) throw new RangeError('It ends too soon.');
      at += count;
    }
  } catch (cause) {
    throw new DamagedFileError(`${path} cannot be read.`, { cause });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
