import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import type { WorkRow } from '#libs/titles/rows';

/** Prints size, build time, cold start, latency and memory of an index grown to `count` aliases by renaming the works it is given. */
export function reportScale(rows: readonly WorkRow[], count: number): void {
  const grown = grow(rows, count);
  const began = performance.now();
  const bytes = buildTitleIndex(grown);
  const build = performance.now() - began;
  const text = grown.reduce(
    (sum, row) => sum + row.aliases.reduce((n, { title }) => n + Buffer.byteLength(title), 0),
    0,
  );
  const aliases = grown.reduce((sum, row) => sum + row.aliases.length, 0);
  const folder = mkdtempSync(join(tmpdir(), 'title-index-'));
  try {
    const file = join(folder, 'titles.bin');
    writeFileSync(file, bytes);
    const asked = grown
      .filter((_, i) => i % Math.ceil(grown.length / 300) === 0)
      .flatMap(({ aliases: [first] }) => [misspelt(first!.title), first!.title]);
    const cold = JSON.parse(
      execFileSync(process.execPath, [join(import.meta.dirname, 'cold-start.js'), file, ...asked], {
        encoding: 'utf8',
      }),
    ) as Record<string, number>;
    console.log(
      `scale · ${aliases} aliases · built in ${(build / 1000).toFixed(1)} s · ${((bytes.length - text) / aliases).toFixed(1)} bytes an alias beyond its text`,
    );
    console.log(
      `cold start to the first answer ${cold.first!.toFixed(0)} ms · misspelt titles: CPU p50 ${cold.p50!.toFixed(2)} ms, p99 ${cold.p99!.toFixed(2)} ms · exact titles: CPU p50 ${cold.exact_us!.toFixed(1)} µs, mean ${cold.exact_mean_us!.toFixed(1)} µs · ${(cold.rss! / 1e6).toFixed(0)} MB\n`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The works again and again, each time with letters of every title exchanged by a fixed rule, so that no two rounds are alike. */
function grow(rows: readonly WorkRow[], count: number): WorkRow[] {
  const grown: WorkRow[] = [...rows];
  let aliases = rows.reduce((sum, row) => sum + row.aliases.length, 0);
  for (let round = 1; aliases < count; round++) {
    for (const row of rows) {
      if (aliases >= count) break;
      const renamed = row.aliases.map((alias, i) => ({ ...alias, title: exchanged(alias.title, round * 31 + i) }));
      grown.push({
        ...row,
        release_key: `${row.release_key}-${round}`,
        root: `${row.root ?? row.release_key}-${round}`,
        aliases: renamed,
      });
      aliases += renamed.length;
    }
  }
  return grown;
}

function exchanged(title: string, seed: number): string {
  let state = seed;
  return Array.from(title, (letter) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const code = letter.codePointAt(0)!;
    if (code >= 0x4e00 && code < 0x9000)
      return String.fromCodePoint(0x4e00 + ((code - 0x4e00 + (state % 2999)) % 0x4200));
    return code >= 97 && code < 123 && state % 3 === 0
      ? String.fromCharCode(97 + ((code - 97 + (state >>> 8)) % 26))
      : letter;
  }).join('');
}

/** The title with two letters in its middle exchanged. */
function misspelt(title: string): string {
  const letters = [...title];
  const middle = letters.length >> 1;
  if (middle > 0) [letters[middle - 1], letters[middle]] = [letters[middle]!, letters[middle - 1]!];
  return letters.join('');
}
