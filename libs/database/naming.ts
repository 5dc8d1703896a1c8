import { DefaultNamingStrategy, type NamingStrategyInterface, type Table } from 'typeorm';

/** Names keys as PostgreSQL itself does, so that hand-written migrations and entities agree. */
export class PostgresNaming extends DefaultNamingStrategy implements NamingStrategyInterface {
  override primaryKeyName(table: Table | string): string {
    return `${bare(table)}_pkey`;
  }
  override uniqueConstraintName(table: Table | string, columns: string[]): string {
    return `${bare(table)}_${columns.join('_')}_key`;
  }
  override foreignKeyName(table: Table | string, columns: string[]): string {
    return `${bare(table)}_${columns.join('_')}_fkey`;
  }
  override indexName(table: Table | string, columns: string[]): string {
    return `${bare(table)}_${columns.join('_')}_idx`;
  }
}

const bare = (table: Table | string) => (typeof table === 'string' ? table : table.name).split('.').at(-1)!;
