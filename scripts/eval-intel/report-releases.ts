import type { WorkRow } from '#libs/titles/rows';
import type { Case } from './profiles.js';
import { PARSERS } from './parsers.js';
import { percent, table } from './table.js';
import { FLOOR, miniSearch, ours, type TitleEngine } from './title-engines.js';

/**
 * Prints how often a whole release name leads to its work, for the names whose work the corpus knows by a MyAnimeList id, and how often
 * nothing is answered where nothing can be right: the name says no work (its id is null), or its work is not in the catalogue.
 */
export async function reportReleases(
  corpora: Map<string, Case[]>,
  { rows, mal }: { rows: WorkRow[]; mal: Map<number, Set<string>> },
): Promise<void> {
  const names = [...corpora.values()].flat().filter(({ mal_id }) => mal_id !== undefined);
  if (names.length === 0) return;
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
  const lines: string[][] = [];
  for (const engine of engines) {
    const tally = { known: 0, work: 0, root: 0, unknown: 0, silent: 0 };
    for (const { name, mal_id } of names) {
      const { work: answer, probability = 1 } = await engine.ask(name);
      const meant = [...(mal.get(mal_id!) ?? [])];
      if (meant.length === 0) {
        tally.unknown++;
        if (answer === undefined || probability < FLOOR) tally.silent++;
        continue;
      }
      tally.known++;
      if (answer === undefined) continue;
      if (meant.includes(answer)) tally.work++;
      if (meant.some((one) => rootOf.get(one) === rootOf.get(answer))) tally.root++;
    }
    const { known, work, root, unknown, silent } = tally;
    lines.push([`${engine.name}: the work`, ...share(work, known)]);
    lines.push([`${engine.name}: the work or a sister`, ...share(root, known)]);
    lines.push([`${engine.name}: rightly silent, no work of the catalogue is meant`, ...share(silent, unknown)]);
  }
  console.log('release name → work');
  console.log(table(['', 'names', 'share'], lines));
}

const share = (count: number, all: number): string[] => [`${count} of ${all}`, percent(count / Math.max(all, 1))];
