import { grown } from './grown.js';

/** Hashes of 32 bytes in the order they came, each with its place, at 40 bytes a hash. */
export class HashList {
  size = 0;
  private bytes = Buffer.alloc(32 * 64);
  /** Places by the hash's first bits (open addressing); hashes are random enough to be their own. */
  private table = new Int32Array(256).fill(-1);

  /** The place of a hash in lower-case hex, or -1. */
  find(hex: string): number {
    for (let at = this.start(hex); ; at = (at + 1) & (this.table.length - 1)) {
      const place = this.table[at]!;
      if (place === -1 || this.at(place) === hex) return place;
    }
  }

  /** Adds a hash that is not in the list and gives its place. */
  add(hex: string): number {
    if (hex.length !== 64) throw new RangeError(`${hex} is no hash.`);
    if (4 * (this.size + 1) > this.table.length) this.rehash();
    this.bytes = grown(this.bytes, 32 * (this.size + 1), (length) => Buffer.alloc(length));
    this.bytes.write(hex, 32 * this.size, 'hex');
    this.enter(hex, this.size);
    return this.size++;
  }

  at(place: number): string {
    return this.bytes.toString('hex', 32 * place, 32 * place + 32);
  }

  /** Which of two stands first in the order of their hex. */
  compare(one: number, other: number): number {
    return this.bytes.compare(this.bytes, 32 * other, 32 * other + 32, 32 * one, 32 * one + 32);
  }

  private start(hex: string): number {
    return Number.parseInt(hex.slice(0, 8), 16) & (this.table.length - 1);
  }

  private enter(hex: string, place: number): void {
    let at = this.start(hex);
    while (this.table[at] !== -1) at = (at + 1) & (this.table.length - 1);
    this.table[at] = place;
  }

  private rehash(): void {
    this.table = new Int32Array(4 * this.table.length).fill(-1);
    for (let place = 0; place < this.size; place++) this.enter(this.at(place), place);
  }
}
