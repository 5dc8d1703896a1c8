import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withReadings } from '#libs/japanese/with-readings';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import type { WorkRow } from '#libs/titles/rows';
import { bangumiWorks } from '../services/intel/works/bangumi-data.js';
import type { Question } from './titles/ask.js';
import { lifelikeWorks, randomFrom } from './titles/lifelike-works.js';

/**
 * `npm run bench titles 5000000`: an index of so many names, the starting catalogue's and lifelike ones beside it, made by the builder of
 * the product; its size, and what an exact and a misspelt title cost a process that has just opened it, and whether its work is found.
 */
const count = Number(process.argv[2] ?? 100_000);
const QUESTIONS = Number(process.argv[3] ?? 500);

const real = bangumiWorks()
  .filter(({ aliases }) => aliases.length > 0)
  .map((line, n) =>
    withReadings({
      release_key: `work-${n}`,
      root: line.root_key ?? undefined,
      type: line.type,
      year: line.year ?? undefined,
      season: line.season ?? undefined,
      aliases: line.aliases.map(({ name, language, kind }) => ({
        title: name,
        language: language ?? undefined,
        kind: kind === 'release' ? 'release_group' : kind,
      })),
    } satisfies WorkRow),
  );
const works = lifelikeWorks(real, count);
const names = works.reduce((sum, { aliases }) => sum + aliases.length, 0);
const text = works.reduce((sum, { aliases }) => aliases.reduce((n, { title }) => n + Buffer.byteLength(title), sum), 0);

const began = process.cpuUsage();
const bytes = buildTitleIndex(works);
const { user, system } = process.cpuUsage(began);
console.log(
  `${names} names of ${works.length} works: built in ${((user + system) / 1e6).toFixed(1)} s of a processor, ${(bytes.length / 1e6).toFixed(0)} MB, ` +
    `${((bytes.length - text) / names).toFixed(1)} bytes a name beyond its text`,
);

const folder = mkdtempSync(join(tmpdir(), 'bench-titles-'));
try {
  writeFileSync(join(folder, 'titles.bin'), bytes);
  writeFileSync(join(folder, 'questions.json'), JSON.stringify(questionsOf(works)));
  const answer = execFileSync(
    process.execPath,
    [join(import.meta.dirname, 'titles', 'ask.js'), join(folder, 'titles.bin'), join(folder, 'questions.json')],
    { encoding: 'utf8' },
  );
  print(JSON.parse(answer) as Answers);
} finally {
  rmSync(folder, { recursive: true });
}

interface Cost {
  p50_us: number;
  p90_us: number;
  p99_us: number;
  mean_us: number;
  first: number;
  fifth: number;
}
interface Answers {
  first_ms: number;
  rss: number;
  exact: Cost;
  fuzzy: Cost;
}

/** Titles of works from all over the catalogue, and each with one slip of a hand. */
function questionsOf(rows: readonly WorkRow[]): Question[] {
  const random = randomFrom(11);
  const chosen = Array.from({ length: QUESTIONS }, () => {
    const { aliases } = rows[Math.floor(random() * rows.length)]!;
    const named = aliases.filter(({ kind, title }) => kind !== 'reading' && title.length > 3);
    return named[Math.floor(random() * named.length)]?.title;
  }).filter((title) => title !== undefined);
  const wanted = new Set(chosen);
  const worksOf = new Map<string, string[]>();
  for (const { release_key, aliases } of rows)
    for (const { title } of aliases)
      if (wanted.has(title)) worksOf.set(title, [...(worksOf.get(title) ?? []), release_key]);
  return chosen.map((title) => ({ title, misspelt: slipped(title, random), works: worksOf.get(title)! }));
}

/** One letter of a title swapped with its neighbour, left out, doubled or exchanged for one from elsewhere in it. */
function slipped(title: string, random: () => number): string {
  const letters = [...title];
  const at = 1 + Math.floor(random() * (letters.length - 2));
  const kind = Math.floor(random() * 4);
  if (kind === 0) [letters[at], letters[at + 1]] = [letters[at + 1]!, letters[at]!];
  else if (kind === 1) letters.splice(at, 1);
  else letters.splice(at, kind === 2 ? 0 : 1, letters[Math.floor(random() * letters.length)]!);
  return letters.join('');
}

function print({ first_ms, rss, exact, fuzzy }: Answers): void {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  const of = ({ p50_us, p90_us, p99_us, mean_us, first, fifth }: Cost): string =>
    `p50 ${p50_us.toFixed(1)} µs, p90 ${p90_us.toFixed(0)}, p99 ${p99_us.toFixed(0)}, mean ${mean_us.toFixed(0)}; its work first ${percent(first)}, among five ${percent(fifth)}`;
  console.log(`from opening to the first answer ${first_ms.toFixed(0)} ms, ${(rss / 1e6).toFixed(0)} MB`);
  console.log(`exact titles: ${of(exact)}`);
  console.log(`misspelt titles: ${of(fuzzy)}`);
}
