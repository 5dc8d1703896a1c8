/**
 * A bare map of objects by release key as it is published (canonical JSON, keys in order), read where it lies: nothing is unpacked
 * but the entries that are asked for. It rests on keys and names of fields never beginning with a colon, and on lists
 * holding objects alone, so that `},"` with `":{` behind the text is the beginning of an entry and nothing else.
 */
export class MapFile<T> {
  constructor(private readonly bytes: Uint8Array) {}

  get(key: string): T | undefined {
    let [low, high] = [1, this.bytes.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = this.entryFrom(middle, high) ?? this.entryFrom(low, high);
      if (!entry) return undefined;
      if (entry.key === key) return this.value(entry);
      if (entry.key < key) low = this.endOf(entry) + 1;
      else high = entry.at > middle ? middle : entry.at;
    }
    return undefined;
  }

  *entries(): Generator<[string, T]> {
    const end = this.bytes.length - 1;
    for (let entry = this.entryFrom(1, end); entry;) {
      const next = this.endOf(entry);
      yield [entry.key, JSON.parse(this.text(entry.from, next)) as T];
      entry = this.entryFrom(next + 1, end);
    }
  }

  /** The first entry that begins at or after a place, before `end`. */
  private entryFrom(place: number, end: number): Entry | undefined {
    const { bytes } = this;
    for (let at = place; at < end; at++) {
      if (bytes[at] !== QUOTE || !(at === 1 || (bytes[at - 1] === COMMA && bytes[at - 2] === CLOSE))) continue;
      const last = bytes.indexOf(QUOTE, at + 1);
      if (last === -1 || last > this.bytes.length - 3) return undefined;
      if (bytes[last + 1] === COLON && bytes[last + 2] === OPEN)
        return { at, key: this.text(at + 1, last), from: last + 2 };
    }
    return undefined;
  }

  /** Where the value of an entry ends: at the comma before the next one, or at the end of the map. */
  private endOf({ from }: Entry): number {
    const end = this.bytes.length - 1;
    const next = this.entryFrom(from, end);
    return next ? next.at - 1 : end;
  }

  private value(entry: Entry): T {
    return JSON.parse(this.text(entry.from, this.endOf(entry))) as T;
  }

  private text(from: number, to: number): string {
    return decoder.decode(this.bytes.subarray(from, to));
  }
}

interface Entry {
  /** Where its key begins, with the quotation mark; where its value begins. */
  at: number;
  from: number;
  key: string;
}

const decoder = new TextDecoder();
const codes = [...'",:{}'].map((letter) => letter.charCodeAt(0));
const [QUOTE, COMMA, COLON, OPEN, CLOSE] = codes as [number, number, number, number, number];
