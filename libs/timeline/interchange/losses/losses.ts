import type { Loss, LossPlace, LossValues } from './loss.js';
import { LOSS_CODES, type LossCode } from './loss-codes.js';

const MOST_RECORDS = 500;
/** So many places of a record are told. */
export const MOST_PLACES = 25;
const LONGEST_TEXT = 200;

const everywhere = new WeakMap<Loss, ReadonlyMap<string, LossPlace>>();

/** All places of a record by what they are about, also those that it does not tell, as long as it has not left the process. */
export function placesOf(loss: Loss): ReadonlyMap<string, LossPlace> {
  return everywhere.get(loss) ?? new Map(loss.places.map((place) => [identityOf(place), place]));
}

/** What a place is about, wherever it stands by now. */
const identityOf = ({ kind, id, name, element, values }: LossPlace): string =>
  JSON.stringify(id === undefined ? [kind, name, element, values] : [kind, id]);

/** Collects what a format cannot carry: the same loss with the same values is one record, with its count and its first places. */
export class Losses {
  private readonly records = new Map<string, Loss & { seen: Set<string>; all: Map<string, LossPlace> }>();
  private readonly lost = new Set<string>();
  private more = 0;

  add(
    code: LossCode,
    { place, values = {}, times = 1 }: { place?: LossPlace; values?: LossValues; times?: number } = {},
  ): void {
    if (place?.id !== undefined && LOSS_CODES[code][0] === 'lost') this.lost.add(place.id);
    const key = JSON.stringify([code, values]);
    let record = this.records.get(key);
    if (!record) {
      if (this.records.size >= MOST_RECORDS) {
        this.more += times;
        return;
      }
      record = {
        code,
        severity: LOSS_CODES[code][0],
        count: 0,
        values: shortened(values),
        places: [],
        seen: new Set(),
        all: new Map(),
      };
      this.records.set(key, record);
    }
    record.count += times;
    if (place) record.all.set(identityOf(place), place);
    if (place && record.places.length < MOST_PLACES) {
      const known = JSON.stringify(place);
      if (!record.seen.has(known)) {
        record.seen.add(known);
        record.places.push(shortened(place));
      }
    }
  }

  /** Whether what has this id is reported to be lost. */
  isLost(id: string): boolean {
    return this.lost.has(id);
  }

  get report(): Loss[] {
    const told = [...this.records.values()].map(({ seen: _seen, all, ...loss }): Loss => {
      everywhere.set(loss, all);
      return loss;
    });
    if (this.more === 0) return told;
    return [...told, { code: 'more', severity: LOSS_CODES.more[0], count: this.more, values: {}, places: [] }];
  }
}

/** With texts that are fit to be shown: no name is longer than a line. */
function shortened<T extends object>(thing: T): T {
  const entries = Object.entries(thing).flatMap(([key, value]): [string, unknown][] => {
    if (value === undefined) return [];
    if (typeof value === 'string')
      return [[key, value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT - 1).toWellFormed()}…` : value]];
    return [[key, key === 'values' ? shortened(value as object) : value]];
  });
  return Object.fromEntries(entries) as T;
}
