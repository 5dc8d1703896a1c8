import { isLess, plus, ZERO, type Fraction } from './fraction.js';
import { placeOfShot } from './losses/loss-places.js';
import type { Losses } from './losses/losses.js';
import type { Row, Shot } from './shot.js';

/** A shot and the height it lies at: of pictures the higher covers the lower, sound is counted from 1. */
export interface Leveled {
  kind: Row['kind'];
  level: number;
  shot: Omit<Shot, 'row'>;
}

/** A row that a file says there was. */
export interface NotedRow extends Row {
  level: number;
}

/**
 * Puts shots that only say how high they lie onto rows, pictures before sound, the lowest first, unless the file notes
 * the rows in another order. A shot that begins before the one below it ends goes onto a further row above.
 */
export function rowsByLevel(leveled: Leveled[], noted: NotedRow[], losses: Losses): { rows: Row[]; shots: Shot[] } {
  const levels = new Map<string, Level>();
  for (const { kind, level, ...row } of noted) levels.set(`${kind} ${level}`, new Level({ kind, ...row }));
  const wanted = new Set(leveled.map(({ kind, level }) => `${kind} ${level}`));
  const missing = [...wanted].filter((key) => !levels.has(key)).map((key) => key.split(' ') as [Row['kind'], string]);
  missing.sort(([a, low], [b, high]) => (a === b ? Number(low) - Number(high) : a === 'video' ? -1 : 1));
  const counts = { video: 0, audio: 0 };
  for (const row of noted) counts[row.kind]++;
  for (const [kind, level] of missing) {
    const name = `${kind === 'video' ? 'V' : 'A'}${++counts[kind]}`;
    levels.set(`${kind} ${level}`, new Level({ kind, name }));
  }

  const shots = leveled
    .toSorted((a, b) => (isLess(a.shot.start, b.shot.start) ? -1 : isLess(b.shot.start, a.shot.start) ? 1 : 0))
    .flatMap(({ kind, level, shot }): Shot[] => {
      const place = levels.get(`${kind} ${level}`)!;
      const row = place.freeRow(shot);
      if (row !== place.rows[0])
        losses.add(row ? 'row_added' : 'too_many_layers', {
          place: placeOfShot({ ...shot, row: place.rows[0]! }, shot.rate),
        });
      return row ? [{ ...shot, row }] : [];
    });
  return { rows: [...levels.values()].flatMap(({ rows }) => rows), shots };
}

const MOST_LAYERS = 32;

class Level {
  readonly rows: Row[];
  private readonly ends: Fraction[] = [ZERO];

  constructor(first: Row) {
    this.rows = [first];
  }

  freeRow({ start, duration }: Omit<Shot, 'row'>): Row | undefined {
    const found = this.ends.findIndex((end) => !isLess(start, end));
    const at = found < 0 ? this.ends.length : found;
    if (at >= MOST_LAYERS) return undefined;
    this.ends[at] = plus(start, duration);
    return (this.rows[at] ??= { kind: this.rows[0]!.kind, name: `${this.rows[0]!.name} · ${at + 1}` });
  }
}
