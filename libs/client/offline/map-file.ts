/**
 * A bare map of objects by release key as it is published (canonical JSON, keys in order), read where it lies: nothing is unpacked
 * but the entries that are asked for. It rests on keys and names of fields never beginning with a colon, and on lists
 * holding objects alone, so that `},"` with `":{` behind the text is the beginning of an entry and nothing else. Where not all of
 * the bytes are there, `need` brings those that are read next.
 */
export class MapFile<T> {
  constructor(
    private readonly bytes: Uint8Array,
    private readonly need: (from: number, to: number) => void = () => undefined,
  ) {}

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
    for (let at = this.quoteFrom(place, end); at !== -1; at = this.quoteFrom(at + 1, end)) {
      if (!(at === 1 || (bytes[at - 1] === COMMA && bytes[at - 2] === CLOSE))) continue;
      const last = this.quoteFrom(at + 1, bytes.length);
      if (last === -1 || last > bytes.length - 3) return undefined;
      this.need(last, last + 3);
      if (bytes[last + 1] === COLON && bytes[last + 2] === OPEN)
        return { at, key: this.text(at + 1, last), from: last + 2 };
    }
    return undefined;
  }

  /** The next quotation mark before `end`, with the two bytes before it; -1 when there is none. */
  private quoteFrom(place: number, end: number): number {
    for (let from = place; from < end; from += AHEAD) {
      const to = Math.min(from + AHEAD, end);
      this.need(Math.max(0, from - 2), to);
      const found = this.bytes.subarray(from, to).indexOf(QUOTE);
      if (found !== -1) return from + found;
    }
    return -1;
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
    this.need(from, to);
    return decoder.decode(this.bytes.subarray(from, to));
  }
}

interface Entry {
  /** Where its key begins, with the quotation mark; where its value begins. */
  at: number;
  from: number;
  key: string;
}

/** So far ahead is looked for a quotation mark before more bytes are brought. */
const AHEAD = 512;
const decoder = new TextDecoder();
const codes = [...'",:{}'].map((letter) => letter.charCodeAt(0));
const [QUOTE, COMMA, COLON, OPEN, CLOSE] = codes as [number, number, number, number, number];
