import type { EntityManager } from 'typeorm';
import { AppError } from '#libs/errors/app-error';
import { sameValue } from '#libs/timeline/merge/same-value';
import { entityIn, pathOfEntity, type EntityKind } from '../domain/entity-paths.js';
import { commitsById, type HistoryCommit } from './history.query.js';
import { snapshotOf, type Document } from './objects.js';

/** What commits a reader of the log wants to see; what is not said lets all through. */
export interface LogFilter {
  text?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  entity?: EntityKind | undefined;
  entity_id?: string | undefined;
}

const AT_ONCE = 200;
/** A page that would cost more ends here, and the next one goes on from there. */
const MOST_READ = 10_000;
const MOST_COMPARED = 400;

/**
 * One page of those commits of a list that a filter lets through, in its order. `next` is where to go on: the last commit
 * looked at, so that a page may be short, or empty, and not the last one.
 */
export async function filteredPage(
  manager: EntityManager,
  list: Iterable<string>,
  { limit, after, ...filter }: LogFilter & { limit: number; after?: string | undefined },
): Promise<{ commits: HistoryCommit[]; next: string | null }> {
  const ids = behind(list, after);
  const commits: HistoryCommit[] = [];
  const most = filter.entity_id === undefined ? MOST_READ : MOST_COMPARED;
  let last: string | null = null;
  for (let looked = 0; looked < most;) {
    const chunk = [...take(ids, AT_ONCE)];
    for (const commit of await commitsById(manager, chunk)) {
      if (commits.length === limit || looked === most) return { commits, next: last };
      last = commit.id;
      looked++;
      if (isWanted(commit, filter) && (await touches(manager, commit, filter))) commits.push(commit);
    }
    if (chunk.length < AT_ONCE) return { commits, next: null };
  }
  return { commits, next: last };
}

function isWanted({ message, created_at }: HistoryCommit, { text, since, until }: LogFilter): boolean {
  if (text !== undefined && !message.toLowerCase().includes(text.toLowerCase())) return false;
  if (since !== undefined && created_at < new Date(since)) return false;
  return until === undefined || created_at <= new Date(until);
}

/** Whether a commit changed a thing, or where it stands, against its first parent. */
async function touches(manager: EntityManager, commit: HistoryCommit, { entity, entity_id }: LogFilter) {
  if (entity_id === undefined) return true;
  const kind = entity ?? 'shot';
  const seen = (document: Document) => ({
    thing: entityIn(document, kind, entity_id) ?? null,
    in: pathOfEntity(document, kind, entity_id)?.slice(0, -1) ?? null,
  });
  const parent = commit.parents[0];
  const before = parent === undefined ? {} : await snapshotOf(manager, parent);
  return !sameValue(seen(before), seen(await snapshotOf(manager, commit.id)));
}

function* behind(list: Iterable<string>, after: string | undefined): Generator<string> {
  let isBehind = after === undefined;
  for (const id of list) {
    if (isBehind) yield id;
    else isBehind = id === after;
  }
  if (!isBehind)
    throw new AppError('invalid', `There is no commit ${after} in this list; begin again without "after".`);
}

function* take(ids: Generator<string>, count: number): Generator<string> {
  for (let taken = 0; taken < count; taken++) {
    const { value, done } = ids.next();
    if (done === true) return;
    yield value;
  }
}
