/** What a commit adds to for good: its nodes, itself and where it belongs, and the line of the reflog; the outbox is emptied again. */
export const TABLES = ['objects', 'commits', 'further_parents', 'project_commits', 'ref_moves'];

type Ask = (sql: string, values: unknown[]) => Promise<{ name: string; size: string }[]>;

/** The bytes of the rows and indexes of these tables. */
export async function tableBytes(ask: Ask): Promise<Map<string, number>> {
  const rows = await ask(
    `select name, pg_relation_size(name::regclass) + pg_indexes_size(name::regclass) as size
     from unnest($1::text[]) as t (name)`,
    [TABLES],
  );
  return new Map(rows.map(({ name, size }) => [name, Number(size)]));
}
