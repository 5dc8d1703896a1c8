import { foldKey } from '#libs/titles/fold';
import type { AliasRow, WorkRow } from '#libs/titles/rows';
import { hasKana, latinReadings } from './latin-reading.js';

/** The readings of a work are its titles as people write them who have no Japanese keyboard; more than these say nothing new. */
const MOST = 3;
/** A reading is a guess at how a title is spoken; a name somebody gave stands above it. */
const WEIGHT = 0.4;

/** The work with the Latin readings of its Japanese titles as further aliases, where nobody has given it those. */
export function withReadings(work: WorkRow): WorkRow {
  const known = new Set(['']);
  for (const { title } of work.aliases) known.add(foldKey(title));
  const readings: AliasRow[] = [];
  for (const { title, language } of work.aliases) {
    if (readings.length === MOST) break;
    if (language === undefined ? !hasKana(title) : !/^ja(?:$|-(?!latn))/i.test(language)) continue;
    for (const reading of latinReadings(title)) {
      if (known.has(foldKey(reading)) || readings.length === MOST) continue;
      known.add(foldKey(reading));
      readings.push({ title: reading, language: 'ja-Latn', kind: 'reading', weight: WEIGHT });
    }
  }
  return readings.length === 0 ? work : { ...work, aliases: [...work.aliases, ...readings] };
}
