import type { WorkRow } from '#libs/titles/rows';
import type { Case } from './profiles.js';
import { PARSERS } from './parsers.js';
import { percent, table } from './table.js';
import { miniSearch, ours, type TitleEngine } from './title-engines.js';

/**
 * Prints how often a whole release name leads to its work, for the names whose work is known by a MyAnimeList id. A name whose work is not
 * in the catalogue cannot be right, so the share that can be is a line of its own, and the ceiling of all the others.
 */
export async function reportReleases(
  corpora: Map<string, Case[]>,
  { rows, mal }: { rows: WorkRow[]; mal: Map<number, Set<string>> },
): Promise<void> {
  const names = [...corpora.values()].flat().filter(({ mal_id }) => mal_id !== undefined);
  if (names.length === 0) return;
  const known = names.filter(({ mal_id }) => mal.has(mal_id!));
  const rootOf = new Map(rows.map((row) => [row.release_key, row.root ?? row.release_key]));
  const peer = miniSearch(rows);
  const anitomy = PARSERS.find(({ name }) => name === 'anitomyscript')!;
  const engines: TitleEngine[] = [
    ours(rows),
    {
      name: 'anitomyscript, then MiniSearch',
      ask: async (name) => peer.ask((await anitomy.read(name)).titles[0] ?? name),
    },
  ];
  const lines: string[][] = [
    ['the work is in the catalogue (the ceiling)', ...shares(known.length, names.length, known.length)],
  ];
  for (const engine of engines) {
    let work = 0;
    let root = 0;
    for (const { name, mal_id } of known) {
      const answer = (await engine.ask(name)).work;
      const meant = [...mal.get(mal_id!)!];
      if (answer === undefined) continue;
      if (meant.includes(answer)) work++;
      if (meant.some((one) => rootOf.get(one) === rootOf.get(answer))) root++;
    }
    lines.push([`${engine.name}: the work`, ...shares(work, names.length, known.length)]);
    lines.push([`${engine.name}: the work or a sister`, ...shares(root, names.length, known.length)]);
  }
  console.log('release name → work');
  console.log(table(['', 'names', 'of all', 'of those in the catalogue'], lines));
}

const shares = (count: number, all: number, known: number): string[] => [
  String(count),
  percent(count / all),
  percent(count / Math.max(known, 1)),
];
