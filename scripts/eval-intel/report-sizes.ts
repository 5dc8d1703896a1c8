import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '#libs/config/package-root';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import { openTitleIndex } from '#libs/titles/open-title-index';
import type { Match } from '#libs/titles/title-index';
import type { WorkRow } from '#libs/titles/rows';
import type { TitleQuery } from './corpora.js';
import { calibrationError, percent, table } from './table.js';
import { FLOOR } from './title-engines.js';

/** A show with its works, and what people call it who do not spell it as the catalogue does. */
interface Show {
  root: string;
  rows: WorkRow[];
  asked: string[];
}

/** How many catalogues of a size are tried; of the largest there is but one. */
const SIZES: readonly [size: number, rounds: number][] = [
  [10, 40],
  [100, 12],
  [1000, 2],
];
const MOST_ASKED = 1000;

/**
 * Prints how surely small catalogues answer: what is asked of them is a work they have, or one they lack, which is drawn by lot or is a
 * look-alike of one they have (half of each catalogue is there because of one). Nothing is right for the latter two.
 */
export function reportSizes({ rows, queries }: { rows: readonly WorkRow[]; queries: readonly TitleQuery[] }): void {
  const lines = [...linesOf('shows', showsOf(rows, queries)), ...linesOf('films', films())];
  console.log(
    'how sure small catalogues are · right, wrong: of the questions for a work there is; answered: of those for none',
  );
  console.log(
    table(
      [
        'catalogue',
        'questions',
        'right, surely',
        'wrong, surely',
        'drawn, answered',
        'look-alikes, answered',
        'error, half drawn',
      ],
      lines,
    ),
  );
}

function linesOf(name: string, shows: readonly Show[]): string[][] {
  const alike = lookAlikes(shows);
  return SIZES.filter(([size]) => size < shows.length).map(([size, rounds]) => {
    const seen = { here: [] as Answered[], drawn: [] as Answered[], alike: [] as Answered[] };
    for (let round = 0; round < rounds; round++) tryOne(inOrder(shows, `${size} ${round}`), { size, alike, seen });
    const sure = (all: readonly Answered[], right: boolean): string =>
      percent(all.filter((one) => one.right === right && one.confidence >= FLOOR).length / Math.max(all.length, 1));
    return [
      `${size} ${name}`,
      String(seen.here.length + seen.drawn.length + seen.alike.length),
      sure(seen.here, true),
      sure(seen.here, false),
      sure(seen.drawn, false),
      sure(seen.alike, false),
      calibrationError([...seen.here, ...seen.drawn]).toFixed(3),
    ];
  });
}

interface Answered {
  confidence: number;
  right: boolean;
}

function tryOne(
  shows: readonly Show[],
  {
    size,
    alike,
    seen,
  }: { size: number; alike: ReadonlyMap<string, Show>; seen: Record<'here' | 'drawn' | 'alike', Answered[]> },
): void {
  const here = new Set<Show>();
  const gone = new Set<Show>();
  const beside: [string, Show][] = [];
  for (const show of shows)
    for (const text of show.asked.slice(0, 1)) {
      const other = alike.get(text);
      if (other === undefined || here.size >= size / 2 || here.has(show) || gone.has(other)) continue;
      here.add(other);
      gone.add(show);
      beside.push([text, show]);
    }
  for (const show of shows) if (here.size < size && !gone.has(show)) here.add(show);
  const index = openTitleIndex(buildTitleIndex([...here].flatMap(({ rows }) => rows)));
  const answer = (text: string, { root }: Show): Answered => {
    const best = index.resolve(text, { limit: 1 }).candidates[0];
    return { confidence: best?.root_probability ?? 0, right: best?.root === root };
  };
  const known = [...here].flatMap((show) => show.asked.map((text) => [text, show] as const)).slice(0, MOST_ASKED);
  const drawn = shows
    .filter((show) => !here.has(show) && !gone.has(show))
    .flatMap((show) => show.asked.map((text) => [text, show] as const));
  seen.here.push(...known.map((one) => answer(...one)));
  seen.drawn.push(...drawn.slice(0, known.length).map((one) => answer(...one)));
  seen.alike.push(...beside.map((one) => answer(...one)));
}

/** For the first question of each show, the show that a catalogue of all others takes it for. */
function lookAlikes(shows: readonly Show[]): Map<string, Show> {
  const named = new Map(shows.map((show) => [show.root, show]));
  const alike = new Map<string, Show>();
  for (let part = 0; part < PARTS; part++) {
    const index = openTitleIndex(
      buildTitleIndex(shows.filter((_, i) => i % PARTS !== part).flatMap(({ rows }) => rows)),
    );
    for (const { asked } of shows.filter((_, i) => i % PARTS === part))
      for (const text of asked.slice(0, 1)) {
        const best: Match | undefined = index.resolve(text, { limit: 1 }).candidates[0];
        if (best !== undefined) alike.set(text, named.get(best.root)!);
      }
  }
  return alike;
}
const PARTS = 8;

function showsOf(rows: readonly WorkRow[], queries: readonly TitleQuery[]): Show[] {
  const rootOf = new Map(rows.map(({ release_key, root }) => [release_key, root ?? release_key]));
  const asked = Map.groupBy(queries, ({ work }) => rootOf.get(work)!);
  return [...Map.groupBy(rows, ({ release_key, root }) => root ?? release_key)].map(([root, of]) => ({
    root,
    rows: of,
    asked: (asked.get(root) ?? []).map(({ q }) => q),
  }));
}

/** Films and series of one to nine words; each is asked for as it is called where it is not there, and with a slip of the hand. */
function films(): Show[] {
  const file = join(packageRoot(), 'scripts', 'eval-intel', 'corpus', 'films.txt');
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((title) => title !== '')
    .map((title) => ({
      root: title,
      rows: [{ release_key: title, type: 'movie', aliases: [{ title }] }],
      asked: title.length > 4 ? [title, slipped(title)] : [title],
    }));
}

/** A title with a letter left out, doubled, or changed for its neighbour, always the same. */
function slipped(title: string): string {
  const at = 1 + (hashOf(title) % (title.length - 2));
  const [before, letter, after] = [title.slice(0, at), title[at]!, title.slice(at + 1)];
  const ways = [before + after, before + letter + letter + after, before + after.slice(0, 1) + letter + after.slice(1)];
  return ways[hashOf(`${title}!`) % ways.length]!;
}

const hashOf = (text: string): number => createHash('md5').update(text).digest().readUInt32BE();

function inOrder(shows: readonly Show[], seed: string): Show[] {
  return shows
    .map((show) => ({ show, at: hashOf(`${seed} ${show.root}`) }))
    .sort((a, b) => a.at - b.at)
    .map(({ show }) => show);
}
