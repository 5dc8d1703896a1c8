import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { withReadings } from '#libs/japanese/with-readings';
import type { WorkRow } from '#libs/titles/rows';
import type { Case } from './profiles.js';

/** The cases of each file of `release-names/`, by its name without the ending. */
export function releaseNames(folder: string): Map<string, Case[]> {
  const place = join(folder, 'release-names');
  if (!existsSync(place)) return new Map();
  const files = readdirSync(place).filter((file) => file.endsWith('.jsonl'));
  return new Map(
    files.map((file) => [
      file.replace(/\.jsonl$/, ''),
      lines<Case>(join(place, file)).filter(({ expected }) => expected !== null),
    ]),
  );
}

/** A title somebody asked for, the work it means, and how it differs from the titles that are known. */
export interface TitleQuery {
  q: string;
  work: string;
  kind: string;
}

interface StoredWork {
  work: string;
  ids: Record<string, string>;
  type: string;
  begin: string;
  aliases: { t: string; lang?: string }[];
}

/** The works and the queries of `intel/`; undefined when the folder has none. */
export function titles(
  folder: string,
): { rows: WorkRow[]; queries: TitleQuery[]; mal: Map<number, Set<string>> } | undefined {
  const place = join(folder, 'intel');
  if (!existsSync(join(place, 'works.jsonl'))) return undefined;
  const rows = new Map<string, WorkRow>();
  const mal = new Map<number, Set<string>>();
  for (const stored of lines<StoredWork>(join(place, 'works.jsonl'))) {
    const row = rowOf(stored);
    const known = rows.get(row.release_key);
    rows.set(row.release_key, known === undefined ? row : { ...known, aliases: [...known.aliases, ...row.aliases] });
    if (stored.ids.mal !== undefined)
      mal.set(Number(stored.ids.mal), (mal.get(Number(stored.ids.mal)) ?? new Set()).add(stored.work));
  }
  const asked = join(place, 'alias-queries.jsonl');
  return {
    rows: [...rows.values()].map(withReadings),
    queries: existsSync(asked) ? lines<TitleQuery>(asked) : [],
    mal,
  };
}

/** A work as the index takes it: its TMDB show is its root, the season of its TMDB path its season. */
function rowOf({ work, ids, type, begin, aliases }: StoredWork): WorkRow {
  const path = ids.tmdb ?? '';
  const season = /^tv\/\d+\/season\/(\d+)$/.exec(path)?.[1];
  return {
    release_key: work,
    root: path === '' ? work : path.split('/').slice(0, 2).join('/'),
    type,
    year: Number(begin.slice(0, 4)) || undefined,
    season: season !== undefined ? Number(season) : /^tv\/\d+$/.test(path) ? 1 : undefined,
    aliases: aliases.map(({ t, lang }, i) => ({ title: t, language: lang, kind: i === 0 ? 'main' : 'synonym' })),
  };
}

function lines<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);
}
