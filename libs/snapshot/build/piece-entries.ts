import { eachWritten, placeAmong } from '../bare-map.js';
import { textOf, type Piece } from './piece.js';

/** The entries of a piece where they stand in its bytes, each with the comma before it: nothing is read but what is asked for. */
export class PieceEntries {
  /** Where each entry begins; after the last, where that ends. */
  private readonly starts: number[] = [];
  private readonly colons: number[] = [];
  private readonly bytes: Buffer;

  constructor(piece: Piece) {
    const text = textOf(piece);
    this.bytes = Buffer.from(text.buffer, text.byteOffset, text.length);
    if (text[0] !== COMMA) {
      this.bytes = Buffer.from(text);
      this.bytes[0] = COMMA;
    }
    // All that separates entries are single bytes, whatever stands between them.
    const end = eachWritten(`${this.bytes.toString('latin1')}}`, (name, colon) => {
      this.starts.push(name - 1);
      this.colons.push(colon);
    });
    this.starts.push(end - 1);
  }

  get count(): number {
    return this.colons.length;
  }

  /** How many keys stand before this one, whether it is there or not. */
  placeOf(key: string): number {
    return placeAmong(this.count, (at) => this.key(at), key);
  }

  key(at: number): string {
    const name = this.bytes.toString('utf8', this.starts[at]! + 1, this.colons[at]);
    return name.includes('\\') ? (JSON.parse(name) as string) : name.slice(1, -1);
  }

  /** The text under a key that stands at this place; undefined where another one does. */
  textOf(key: string, at: number): string | undefined {
    if (at === this.count || this.key(at) !== key) return undefined;
    return this.bytes.toString('utf8', this.colons[at]! + 1, this.starts[at + 1]);
  }

  /** The bytes of those from one to before another. */
  between(from: number, to: number): Uint8Array {
    return this.bytes.subarray(this.starts[from], this.starts[to]);
  }
}

const COMMA = 44;
