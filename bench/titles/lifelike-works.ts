import { isHan, isHangul, isKana } from '#libs/titles/scripts';
import type { WorkRow } from '#libs/titles/rows';

/**
 * Real works, and then as many made ones as it takes for `count` names in all, the same every time. A made work has a real one's sisters,
 * seasons, kinds and languages; its words are drawn as often as words are in the real titles, or spelt anew letter after letter as
 * those are, so that pairs and threes of letters are as frequent as they are in life.
 */
export function lifelikeWorks(real: readonly WorkRow[], count: number): WorkRow[] {
  const works = [...real];
  const families = Map.groupBy(real, ({ root, release_key }) => root ?? release_key);
  const speller = new Speller(real.flatMap(({ aliases }) => aliases.map(({ title }) => title)));
  let names = real.reduce((sum, { aliases }) => sum + aliases.length, 0);
  for (let round = 1; names < count; round++)
    for (const [root, family] of families) {
      if (names >= count) break;
      const spelt = new Map<string, string>();
      for (const work of family) {
        const aliases = work.aliases.map((alias) => ({ ...alias, title: speller.renamed(alias.title, spelt) }));
        works.push({ ...work, release_key: `${work.release_key}-${round}`, root: `${root}-${round}`, aliases });
        names += aliases.length;
      }
    }
  return works;
}

/** A stream of numbers from 0 to 1, the same for the same seed (Mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Numbers, the words of seasons and kinds, and what else is in very many titles, stay as they are. */
const KEPT = /第.{1,2}(?:[季期章部话話回]|シーズン)|劇場版|剧场版|特別[篇編]|特别篇|総集編|最終章|シーズン/;
const RUN =
  /第.{1,2}(?:[季期章部话話回]|シーズン)|劇場版|剧场版|特別[篇編]|特别篇|総集編|最終章|シーズン|[\p{sc=Han}々]+|[\p{sc=Kana}\p{sc=Hira}ー]+|\p{sc=Hangul}+|\p{sc=Latin}+/gu;
const COMMON = 300;
/** How often a made word is one of the real ones; and how often a letter follows the one before it as it does in life. */
const KNOWN = 0.7;
const FOLLOWS = 0.92;
const LEAST = 3;

class Speller {
  private readonly random = randomFrom(7);
  private readonly words: string[] = [];
  private readonly common: Set<string>;
  private readonly after = new Map<string, string[]>();

  constructor(titles: readonly string[]) {
    const counts = new Map<string, number>();
    for (const title of titles)
      for (const [run] of title.matchAll(RUN)) {
        if (isWideText(run)) {
          for (let i = 0; i < run.length; i++) this.learn(i === 0 ? kindOf(run) : run[i - 1]!, run[i]!, kindOf(run));
          continue;
        }
        this.words.push(run);
        counts.set(run, (counts.get(run) ?? 0) + 1);
        for (let i = 0; i <= run.length; i++) this.learn(`^${run.slice(0, i)}`.slice(-LEAST), run[i] ?? '');
      }
    const ordered = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    this.common = new Set(ordered.slice(0, COMMON).map(([word]) => word));
  }

  /** A title with other words; a word that has been exchanged in this family is exchanged for the same again. */
  renamed(title: string, spelt: Map<string, string>): string {
    return title.replaceAll(RUN, (run) => {
      if (KEPT.test(run) || this.common.has(run)) return run;
      const known = spelt.get(run);
      if (known !== undefined) return known;
      const made = isWideText(run) ? this.wide(run) : this.word(run);
      spelt.set(run, made);
      return made;
    });
  }

  private wide(run: string): string {
    const kind = kindOf(run);
    let made = '';
    while (made.length < run.length) {
      const follows = made !== '' && this.random() < FOLLOWS ? this.after.get(made.at(-1)!) : undefined;
      made += this.oneOf(follows ?? this.after.get(`any ${kind}`)!);
    }
    return made;
  }

  private word(run: string): string {
    if (this.random() < KNOWN) return this.oneOf(this.words);
    let made = '';
    while (made.length < run.length + LEAST) {
      const letter = this.oneOf(this.after.get(`^${made}`.slice(-LEAST)) ?? ['']);
      if (letter === '') break;
      made += letter;
    }
    return made === '' ? run : made;
  }

  private learn(before: string, letter: string, kind?: string): void {
    for (const key of kind === undefined ? [before] : [before, `any ${kind}`]) {
      const known = this.after.get(key);
      if (known === undefined) this.after.set(key, [letter]);
      else known.push(letter);
    }
  }

  private oneOf<T>(all: readonly T[]): T {
    return all[Math.floor(this.random() * all.length)]!;
  }
}

const isWideText = (run: string): boolean => kindOf(run) !== 'latin';
function kindOf(run: string): string {
  const unit = run.charCodeAt(0);
  return isHan(unit) ? 'han' : isKana(unit) ? 'kana' : isHangul(unit) ? 'hangul' : 'latin';
}
