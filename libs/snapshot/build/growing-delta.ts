import { jsonString, type Placed } from '../bare-map.js';
import { canonicalText } from '../canonical-text.js';
import { changeOf } from '../change-of-value.js';

/** A text of a map's values, held once however many keys have it; texts are numbered as they come. */
interface Text {
  number: number;
  text: string;
}

/** A key that some version has changed: what is under it, what was under it, and how many keys stand before it now. */
interface Touched {
  key: string;
  was: Text | undefined;
  is: Text | undefined;
  place: number;
  /** The change of the one text into the other, once it was asked for. */
  change?: string | undefined;
}

/**
 * The delta to one version of a map from the version before it, then from the one before that, and so on back. What was found out for one
 * is not worked out again for the next, so that each costs little more than its text is long.
 */
export class GrowingDelta {
  /** In order. */
  private touched: Touched[] = [];
  private readonly byKey = new Map<string, Touched>();
  private readonly texts = new Map<string, Text>();

  constructor(
    private readonly newest: Placed,
    private readonly to: number,
  ) {}

  /** How many entries it has, those counted that came to be again what they had been. */
  get size(): number {
    return this.touched.length;
  }

  /** Goes one version further back, before which this was under the keys that it has changed. */
  back(undo: Iterable<readonly [key: string, text: string | null | undefined]>): void {
    const fresh: Touched[] = [];
    for (const [key, text] of undo) {
      const was = this.known(text);
      const one = this.byKey.get(key);
      if (one?.was === was && one) continue;
      if (one) {
        one.was = was;
        one.change = undefined;
        continue;
      }
      const { text: now, place } = this.newest.find(key);
      const first: Touched = { key, was, is: this.known(now), place };
      this.byKey.set(key, first);
      fresh.push(first);
    }
    this.touched = merged(this.touched, fresh.sort(byKeys));
  }

  /** The canonical text of the delta from that version, which is the one that was gone back to. */
  text(from: number): Buffer {
    const [old, fresh, skip]: [Touched[], Touched[], number[]] = [[], [], []];
    /** A key stood where it is or would be now, without what came before it and with what went. */
    let [moved, next] = [0, 0];
    for (const one of this.touched) {
      if (one.was === one.is) continue;
      if (one.was === undefined) {
        fresh.push(one);
        moved--;
        continue;
      }
      old.push(one);
      skip.push(one.place + moved - next);
      next = one.place + moved + 1;
      if (one.is === undefined) moved++;
    }
    /** By the numbers of texts the first that has each, from whom the others take it. */
    const models = new Int32Array(this.texts.size).fill(-1);
    const said = (one: Touched, number: number, say: () => string): string => {
      if (one.is === undefined) return 'null';
      const model = models[one.is.number]!;
      if (model !== -1) return String(model);
      models[one.is.number] = number;
      return say();
    };
    const fate = old.map((one, number) => said(one, number, () => (one.change ??= changeBetween(one))));
    const value = fresh.map((one, at) => said(one, old.length + at, () => `["=",${one.is!.text}]`));
    const key = fresh.map((one) => jsonString(one.key));
    return Buffer.from(
      `{"fate":[${fate.join()}],"from":${from},"key":[${key.join()}],"skip":[${skip.join()}],"to":${this.to},"value":[${value.join()}]}`,
    );
  }

  private known(text: string | null | undefined): Text | undefined {
    if (text == null) return undefined;
    let known = this.texts.get(text);
    if (!known) this.texts.set(text, (known = { number: this.texts.size, text }));
    return known;
  }
}

const changeBetween = ({ was, is }: Touched): string =>
  canonicalText(changeOf(JSON.parse(was!.text), JSON.parse(is!.text)));

const byKeys = (a: Touched, b: Touched): number => (a.key < b.key ? -1 : 1);

/** Two lists in order as one. */
function merged(some: readonly Touched[], others: readonly Touched[]): Touched[] {
  const all: Touched[] = [];
  let at = 0;
  for (const one of others) {
    while (at < some.length && some[at]!.key < one.key) all.push(some[at++]!);
    all.push(one);
  }
  while (at < some.length) all.push(some[at++]!);
  return all;
}
