import MiniSearch from 'minisearch';
import pg from 'pg';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import { openTitleIndex } from '#libs/titles/open-title-index';
import type { WorkRow } from '#libs/titles/rows';

/** An engine under test: the most likely work for a title, with how sure it is where it says so. */
export interface TitleEngine {
  name: string;
  ask: (title: string) => Answer | Promise<Answer>;
  close?: () => Promise<void>;
}

export interface Answer {
  work: string | undefined;
  probability?: number;
  root_probability?: number;
}

/** From here on an answer is given as the match; MiniSearch and pg_trgm are always sure. */
export const FLOOR = 0.8;

/** Ours over a freshly built file. */
export function ours(rows: readonly WorkRow[]): TitleEngine {
  const index = openTitleIndex(buildTitleIndex(rows));
  return {
    name: 'evidverse',
    ask: (title) => {
      const best = index.resolve(title, { limit: 1 }).candidates[0];
      return {
        work: best?.release_key,
        ...(best === undefined ? {} : { probability: best.probability, root_probability: best.root_probability }),
      };
    },
  };
}

/** MiniSearch over pairs of characters, fuzzy, as its users set it up for Chinese and Japanese. */
export function miniSearch(rows: readonly WorkRow[]): TitleEngine {
  const pairs = (text: string): string[] => {
    const plain = text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, '');
    return plain.length < 2 ? [plain] : Array.from({ length: plain.length - 1 }, (_, i) => plain.slice(i, i + 2));
  };
  const engine = new MiniSearch<{ id: number; work: string; title: string }>({
    fields: ['title'],
    storeFields: ['work'],
    tokenize: pairs,
  });
  engine.addAll(
    rows
      .flatMap((row) => row.aliases.map(({ title }) => ({ work: row.release_key, title })))
      .map((one, id) => ({ id, ...one })),
  );
  return { name: 'MiniSearch', ask: (title) => ({ work: engine.search(title)[0]?.work as string | undefined }) };
}

/** PostgreSQL's pg_trgm with a GIN index over the lower-case title. */
export async function pgTrgm(rows: readonly WorkRow[], url: string): Promise<TitleEngine> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('create extension if not exists pg_trgm');
  await client.query('create temporary table alias_titles (work text, title text)');
  const all = rows.flatMap((row) => row.aliases.map(({ title }) => [row.release_key, title.toLowerCase()] as const));
  await client.query('insert into alias_titles select * from unnest($1::text[], $2::text[])', [
    all.map(([work]) => work),
    all.map(([, title]) => title),
  ]);
  await client.query('create index on alias_titles using gin (title gin_trgm_ops)');
  await client.query('analyze alias_titles');
  return {
    name: 'pg_trgm',
    ask: async (title) => {
      const { rows: found } = await client.query<{ work: string }>(
        'select work from alias_titles where title % $1 order by similarity(title, $1) desc, work limit 1',
        [title.toLowerCase()],
      );
      return { work: found[0]?.work };
    },
    close: () => client.end(),
  };
}
