import type { EntityManager } from 'typeorm';
import { authorNames, commitsById, type HistoryCommit } from './history.query.js';

export interface LogEntry extends HistoryCommit {
  author_name: string | null;
}

/** Commits as the log tells them, in the order in which they are asked for. */
export async function logEntries(manager: EntityManager, ids: readonly string[]): Promise<LogEntry[]> {
  return withAuthors(manager, await commitsById(manager, ids));
}

/** Commits with the names of their authors. */
export async function withAuthors(manager: EntityManager, commits: readonly HistoryCommit[]): Promise<LogEntry[]> {
  const names = await authorNames(
    manager,
    commits.map(({ author_id }) => author_id),
  );
  return commits.map((commit) => ({
    ...commit,
    author_name: commit.author_id === null ? commit.foreign_author_name : (names.get(commit.author_id) ?? null),
  }));
}
