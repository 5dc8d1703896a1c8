import type { WorkRow } from '#libs/titles/rows';
import type { TitleQuery } from './corpora.js';
import { calibrationError, percent, table } from './table.js';
import { FLOOR, miniSearch, ours, pgTrgm, type TitleEngine } from './title-engines.js';

/** Prints, for each engine, how often the first answer is the work, or a sister of it, per kind of query; for ours how sure it may be. */
export async function reportTitles({ rows, queries }: { rows: WorkRow[]; queries: TitleQuery[] }): Promise<void> {
  const rootOf = new Map(rows.map((row) => [row.release_key, row.root ?? row.release_key]));
  const engines: TitleEngine[] = [ours(rows), miniSearch(rows)];
  const url = process.env.DATABASE_URL;
  if (url === undefined) console.log('pg_trgm is left out: DATABASE_URL is not set');
  else engines.push(await pgTrgm(rows, url));
  const kinds = [...new Set(queries.map(({ kind }) => kind)), 'all'];
  for (const engine of engines) {
    const tally = new Map(kinds.map((kind) => [kind, { all: 0, work: 0, root: 0, answered: 0 }]));
    const times: number[] = [];
    const seen: { confidence: number; right: boolean }[] = [];
    for (const { q, work, kind } of queries) {
      const began = performance.now();
      const answer = await engine.ask(q);
      times.push(performance.now() - began);
      const right = answer.work === work;
      const root = answer.work !== undefined && rootOf.get(answer.work) === rootOf.get(work);
      if (answer.root_probability !== undefined) seen.push({ confidence: answer.root_probability, right: root });
      for (const one of [kind, 'all']) {
        const known = tally.get(one)!;
        known.all++;
        if (right) known.work++;
        if (root) known.root++;
        if (root && !right && (answer.probability ?? 1) >= FLOOR) known.answered++;
      }
    }
    times.sort((a, b) => a - b);
    const at = (part: number): string => (times[Math.floor(times.length * part)] ?? 0).toFixed(2);
    console.log(`titles · ${engine.name} · ${rows.length} works · p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
    const line = ([kind, { all, work, root, answered }]: [
      string,
      { all: number; work: number; root: number; answered: number },
    ]): string[] => [
      kind,
      String(all),
      percent(work / all),
      percent(root / all),
      percent((root - work) / all),
      percent(answered / all),
    ];
    console.log(
      table(['kind', 'queries', 'work', 'root', 'wrong sister', 'wrong sister, surely'], [...tally].map(line)),
    );
    if (seen.length > 0) {
      console.log(
        `probability of the root: expected calibration error ${calibrationError(seen).toFixed(4)}; answered at 98 % precision: ${percent(coverage(seen, 0.98))}\n`,
      );
    }
    await engine.close?.();
  }
}

/** The largest share of questions that can be answered, surest first, with this share of the answers right. */
function coverage(seen: { confidence: number; right: boolean }[], precision: number): number {
  const sorted = [...seen].sort((a, b) => b.confidence - a.confidence);
  let right = 0;
  let best = 0;
  sorted.forEach((one, i) => {
    if (one.right) right++;
    if (right / (i + 1) >= precision) best = (i + 1) / sorted.length;
  });
  return best;
}
