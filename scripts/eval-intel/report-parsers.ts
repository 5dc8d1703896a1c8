import { parseReleaseName } from '#libs/release-name/parse-release-name';
import type { Field } from '#libs/release-name/parsed-name';
import { compare, coreOf, type Verdict } from './compare.js';
import { PARSERS, type Parser } from './parsers.js';
import { CORPUS_OF, PROFILES, readingOf, type Case, type Reading } from './profiles.js';
import { calibrationError, percent, table } from './table.js';

const FACTS = ['core', 'title', 'year', 'season', 'episode', 'resolution', 'group'] as const;
type Tally = Record<string, [right: number, all: number]>;

/** Prints, for each parser, the share of right facts per corpus and their mean over the corpora, and what a name costs. */
export async function reportParsers(corpora: Map<string, Case[]>): Promise<void> {
  for (const parser of PARSERS) {
    const perCorpus = new Map<string, Tally>();
    const times: number[] = [];
    for (const [file, cases] of corpora) {
      const profile = PROFILES[file];
      if (profile === undefined) continue;
      const corpus = CORPUS_OF[file] ?? file;
      const tally = perCorpus.get(corpus) ?? {};
      perCorpus.set(corpus, tally);
      for (const one of cases) {
        const { reading, time } = await timed(parser, one.name);
        times.push(time);
        const expected = profile(one, reading);
        if (expected !== undefined) count(tally, compare(expected, reading));
      }
    }
    print(parser.name, perCorpus, times);
  }
  reportCalibration(corpora);
}

/** The least of some rounds, in µs: what a name costs when nothing else is being compiled, collected or run. */
async function timed(parser: Parser, name: string): Promise<{ reading: Reading; time: number }> {
  let reading: Reading = { titles: [] };
  let time = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    reading = await readSafely(parser, name);
    time = Math.min(time, (performance.now() - began) * 1000);
  }
  return { reading, time };
}
const ROUNDS = 3;

async function readSafely(parser: Parser, name: string): Promise<Reading> {
  try {
    return await parser.read(name);
  } catch {
    return { titles: [] };
  }
}

function count(tally: Tally, verdict: Verdict): void {
  const facts = { ...verdict, core: coreOf(verdict) };
  for (const fact of FACTS) {
    if (facts[fact] === undefined) continue;
    const known = (tally[fact] ??= [0, 0]);
    known[1]++;
    if (facts[fact]) known[0]++;
  }
}

function print(name: string, perCorpus: Map<string, Tally>, times: number[]): void {
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0;
  console.log(`release names · ${name} · a name: p50 ${at(0.5).toFixed(0)} µs, p99 ${at(0.99).toFixed(0)} µs`);
  const rows = [...perCorpus].map(([corpus, tally]) => [corpus, ...FACTS.map((fact) => share(tally[fact]))]);
  const mean = FACTS.map((fact) => {
    const known = [...perCorpus.values()].flatMap((tally) =>
      tally[fact] === undefined ? [] : [tally[fact]![0] / tally[fact]![1]],
    );
    return known.length === 0 ? '' : percent(known.reduce((a, b) => a + b, 0) / known.length);
  });
  console.log(table(['corpus', ...FACTS], [...rows, ['mean of corpora', ...mean]]));
}

const share = (tally: [number, number] | undefined): string =>
  tally === undefined ? '' : `${percent(tally[0] / tally[1])} of ${tally[1]}`;

/** How far the confidence of our fields is from how often they are right. */
function reportCalibration(corpora: Map<string, Case[]>): void {
  const seen: { confidence: number; right: boolean }[] = [];
  for (const [file, cases] of corpora) {
    const profile = PROFILES[file];
    if (profile === undefined) continue;
    for (const one of cases) {
      const parsed = parseReleaseName(one.name);
      const reading = readingOf(parsed);
      const expected = profile(one, reading);
      if (expected === undefined) continue;
      const verdict = compare(expected, reading);
      const fields: [Field<unknown> | undefined, boolean | undefined][] = [
        [parsed.titles[0], verdict.title],
        [parsed.year, verdict.year],
        [parsed.seasons, verdict.season],
        [parsed.episodes, verdict.episode],
        [parsed.resolution, verdict.resolution],
        [parsed.group, verdict.group],
      ];
      for (const [field, right] of fields)
        if (field !== undefined && right !== undefined) seen.push({ confidence: field.confidence, right });
    }
  }
  console.log(
    `confidence of fields: expected calibration error ${calibrationError(seen).toFixed(4)} over ${seen.length} fields\n`,
  );
}
