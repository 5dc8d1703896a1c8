import { jsonString, placeIn, type BareMap } from '../bare-map.js';
import { endsFrom } from './piece-end.js';
import { sharedBytes } from './shared-bytes.js';
import { sortedKeys } from './sorted-keys.js';

/** The bytes of entries, for threads too: they share the memory. */
export interface EntryBytes {
  /** One entry behind the other, `,"key":value` each, and one byte more for the closing brace. */
  readonly bytes: Uint8Array;
  /** Where each entry begins; after the last, where that ends. */
  readonly starts: Float64Array;
  /** Of each entry, from how many entries on a piece ends with it. */
  readonly endsFrom: Uint8Array;
}

/** The entries of a bare map in the order of their keys, each in the bytes it has in the one text. */
export class Entries implements EntryBytes {
  private constructor(
    readonly keys: readonly string[],
    readonly bytes: Buffer,
    readonly starts: Float64Array,
    readonly endsFrom: Uint8Array,
  ) {}

  /** Writes each entry once; other work is let in between. */
  static async of(map: BareMap): Promise<Entries> {
    const keys = sortedKeys(map.keys());
    const starts = new Float64Array(new SharedArrayBuffer(8 * (keys.length + 1)));
    const lengths = new Uint8Array(new SharedArrayBuffer(keys.length));
    let bytes = sharedBytes(Math.max(1024, keys.length * USUAL));
    let end = 0;
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at]!;
      const [name, text] = [jsonString(key), map.get(key)!];
      const most = 3 * (name.length + text.length) + 3;
      if (end + most > bytes.length) bytes = longer(bytes, end, most);
      starts[at] = end;
      lengths[at] = endsFrom(key);
      bytes[end++] = COMMA;
      end += bytes.write(name, end);
      bytes[end++] = COLON;
      end += bytes.write(text, end);
      if (at % 8192 === 8191) await new Promise(setImmediate);
    }
    starts[keys.length] = end;
    return new Entries(keys, bytes.subarray(0, end + 1), starts, lengths);
  }

  /** What of them threads need. */
  shared(): EntryBytes {
    const { bytes, starts, endsFrom: lengths } = this;
    return { bytes, starts, endsFrom: lengths };
  }

  /** Where a key stands among them; -1 when it does not. */
  placeOf(key: string): number {
    const place = placeIn(this.keys, key);
    return this.keys[place] === key ? place : -1;
  }
}

/** About how long an entry is. */
const USUAL = 256;
const [COMMA, COLON] = [44, 58];

function longer(bytes: Buffer, end: number, most: number): Buffer {
  const more = sharedBytes(Math.ceil((bytes.length + most) * 1.5));
  bytes.copy(more, 0, 0, end);
  return more;
}
