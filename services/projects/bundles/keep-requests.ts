import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { BundledConversation, BundledMergeRequest } from '#libs/contracts/projects-bundled-reviews';
import { AppError } from '#libs/errors/app-error';
import { graphReaching } from '../versions/commit-graphs.js';
import { keepDecisions } from './keep-decisions.js';
import { bringLater, stateOf, toldOf, type Kind, type Source } from './later-states.js';
import { ofProject } from './selection.js';

/** Merge requests that came in, and whether whoever brings them may make requests here, speak of them, and settle them. */
export interface KeepingRequests {
  project_id: string;
  requests: readonly BundledMergeRequest[];
  conversations: readonly BundledConversation[];
  /** The caller's id where the bundle was made. */
  own: string | undefined;
  source: Source;
  may: { make: boolean; speak: boolean; settle: boolean };
}

/** How many of each were not here yet. */
export interface KeptRequests {
  merge_requests: number;
  reviews: number;
  threads: number;
  comments: number;
  decisions: number;
  /** Things that came in before, and have a later state now. */
  changed: number;
}

/**
 * Adds what is not here yet of merge requests and of what was said of them. Each keeps its id where nobody else has it here,
 * and is found again by it in any case, so that the same bundle adds nothing twice. What came in before and nobody here has
 * changed since takes its later state, and a request is merged where its target here has the commit that merged it; all
 * else that is here stays. What others wrote keeps their names and is nobody's here; no approval of theirs counts.
 */
export async function keepRequests(
  manager: EntityManager,
  caller: Caller,
  keeping: KeepingRequests,
): Promise<KeptRequests> {
  const kept: KeptRequests = { ...NOTHING_KEPT };
  const { project_id, conversations, may, source } = keeping;
  const requests = keeping.requests.map((request) => ({ ...request, id: request.id ?? randomUUID() }));
  const mentioned = [
    ...requests.flatMap(({ offers, merge_commit_id }) => [...offers, ...(merge_commit_id ? [merge_commit_id] : [])]),
    ...conversations.flatMap(({ threads }) => threads.flatMap(({ anchor }) => anchor?.commit_id ?? [])),
  ];
  const here = new Set(await ofProject(manager, project_id, [...new Set(mentioned)]));
  const authored = authorship(caller, keeping.own);
  const ids = await known(manager, 'merge_requests', 'project_id', [project_id], requests);
  const later = async <Row extends Told>(kind: Kind, things: readonly Row[], state: (thing: Row) => object) => {
    const told = things.map((thing) => ({ id: thing.id, of: thing.of, state: state(thing) }));
    if (may.settle) kept.changed += await bringLater(manager, source, kind, told);
  };
  if (may.settle) {
    await noteMerged(manager, project_id, requests, ids);
  }
  await later(
    REQUESTS,
    requests.map((request) => ({ ...request, of: project_id })),
    stateOf.request,
  );
  if (may.settle) kept.changed += await noteLaterOffers(manager, caller, { project_id, requests, ids, here, source });
  if (may.make) {
    const fresh = await thatCanStand(
      manager,
      project_id,
      requests.filter(({ id }) => !ids.has(`${project_id} ${id}`)),
      here,
    );
    await insertRequests(manager, { project_id, fresh, ids, here, authored, source });
    kept.merge_requests = fresh.length;
  }
  const said = conversations.flatMap((conversation) => {
    const request = ids.get(`${project_id} ${conversation.merge_request_id}`);
    return request === undefined ? [] : [{ ...conversation, request }];
  });
  if (may.settle) {
    const decisions = said.flatMap(({ request, decisions }) =>
      decisions.map((decision) => ({ ...decision, ...authored(decision), of: request })),
    );
    kept.decisions = await keepDecisions(manager, source, decisions);
  }
  if (!may.speak) return kept;
  const reviews = said.flatMap(({ request, reviews }) => reviews.map((review) => ({ ...review, of: request })));
  kept.reviews = await insertReviews(manager, await unknown(manager, REVIEWS, reviews), { authored, source });
  await later(REVIEWS, reviews, stateOf.review);
  const threads = said.flatMap(({ request, threads }) => threads.map((thread) => ({ ...thread, of: request })));
  const freshThreads = await unknown(manager, THREADS, threads);
  kept.threads = await insertThreads(manager, freshThreads, { here, authored, source });
  await later(THREADS, threads, stateOf.thread);
  const threadIds = await known(
    manager,
    THREADS.table,
    THREADS.of,
    threads.map(({ of }) => of),
    threads,
  );
  const comments = threads.flatMap(({ of, id, comments }) =>
    comments.map((comment) => ({ ...comment, of: threadIds.get(`${of} ${id}`)! })),
  );
  kept.comments = await insertComments(manager, await unknown(manager, COMMENTS, comments), { authored, source });
  await later(COMMENTS, comments, stateOf.comment);
  return kept;
}

type Known = Map<string, string>;
type Told = { id: string; of: string };
type Fresh<Row> = Row & { here_as: string };
type Authored = ReturnType<typeof authorship>;
interface From {
  authored: Authored;
  source: Source;
}
export const NOTHING_KEPT: Readonly<KeptRequests> = {
  merge_requests: 0,
  reviews: 0,
  threads: 0,
  comments: 0,
  decisions: 0,
  changed: 0,
};
const REQUESTS: Kind = { table: 'merge_requests', of: 'project_id' };
const REVIEWS: Kind = { table: 'merge_request_reviews', of: 'merge_request_id' };
const THREADS: Kind = { table: 'merge_request_threads', of: 'merge_request_id' };
const COMMENTS: Kind = { table: 'merge_request_comments', of: 'thread_id' };

/** What the importer wrote is theirs; of all else only the name comes along. */
const authorship =
  (caller: Caller, own: string | undefined) =>
  ({ author_id, author_name }: { author_id: string | null; author_name: string | null }) =>
    author_id !== null && (author_id === own || author_id === caller.user_id)
      ? { author: caller.user_id, foreign: null, name: null }
      : { author: null, foreign: author_id, name: author_name };

/** The ids here of things that were told under ids of elsewhere, by `<what they are of> <id there>`. */
async function known(
  manager: EntityManager,
  table: string,
  of: string,
  parents: readonly string[],
  things: readonly { id: string }[],
): Promise<Known> {
  const rows = await manager.query<{ id: string; told_as: string; of: string }[]>(
    `select id, coalesce(origin_id, id) as told_as, ${of} as "of" from ${table}
     where ${of} = any($1) and coalesce(origin_id, id) = any($2)`,
    [[...new Set(parents)], things.map(({ id }) => id)],
  );
  return new Map(rows.map(({ id, told_as, of }) => [`${of} ${told_as}`, id]));
}

/** Those that are not here yet, each with the id it is to have: its own, unless somebody else's thing has that. */
async function unknown<Row extends Told>(
  manager: EntityManager,
  { table, of }: Kind,
  things: readonly Row[],
): Promise<Fresh<Row>[]> {
  const there = await known(
    manager,
    table,
    of,
    things.map((thing) => thing.of),
    things,
  );
  return named(
    manager,
    table,
    things.filter(({ of, id }) => !there.has(`${of} ${id}`)),
  );
}

async function named<Row extends { id: string }>(
  manager: EntityManager,
  table: string,
  things: readonly Row[],
): Promise<Fresh<Row>[]> {
  const taken = await manager.query<{ id: string }[]>(`select id from ${table} where id = any($1)`, [
    things.map(({ id }) => id),
  ]);
  const ids = new Set(taken.map(({ id }) => id));
  return things.map((thing) => ({ ...thing, here_as: ids.has(thing.id) ? randomUUID() : thing.id }));
}

/** An open request needs its branches, or from a fork its target and what it offers; those of one that is over may be gone. */
async function thatCanStand<Row extends BundledMergeRequest>(
  manager: EntityManager,
  projectId: string,
  requests: readonly Row[],
  here: ReadonlySet<string>,
): Promise<Row[]> {
  const rows = await manager.query<{ name: string }[]>('select name from branches where project_id = $1', [projectId]);
  const names = new Set(rows.map(({ name }) => name));
  return requests.filter(
    ({ status, source_branch_name, target_branch_name, is_from_fork, offers }) =>
      status !== 'open' ||
      (names.has(target_branch_name) && (is_from_fork ? here.has(offers.at(-1)!) : names.has(source_branch_name))),
  );
}

async function insertRequests(
  manager: EntityManager,
  {
    project_id,
    fresh,
    ids,
    here,
    authored,
    source,
  }: {
    project_id: string;
    fresh: readonly (BundledMergeRequest & { id: string })[];
    ids: Known;
    here: ReadonlySet<string>;
  } & From,
): Promise<void> {
  const rows = (await named(manager, 'merge_requests', fresh)).map((request) => ({
    ...request,
    ...authored(request),
    told: toldOf(source, stateOf.request(request)),
    merge_commit_id:
      request.merge_commit_id !== null && here.has(request.merge_commit_id) ? request.merge_commit_id : null,
  }));
  await insertAll(
    manager,
    rows,
    `insert into merge_requests (id, origin_id, project_id, creator_id, foreign_author, foreign_author_name, source_project_id,
       source_branch_id, source_branch_name, target_branch_id, target_branch_name, title, description, status, is_draft,
       merge_commit_id, merge_method, created_at, merged_at, closed_at, updated_at, clip_ids, told)
     select r.here_as, r.id, $2::uuid, r.author, r."foreign", r.name, case when not r.is_from_fork then $2::uuid end,
       s.id, r.source_branch_name, t.id, r.target_branch_name, r.title, r.description, r.status, r.is_draft,
       r.merge_commit_id, r.merge_method, r.created_at, r.merged_at, r.closed_at, r.created_at, '{}', r.told
     from json_to_recordset($1) as r (here_as uuid, id uuid, author uuid, "foreign" uuid, name text,
       source_branch_name text, target_branch_name text, title text, description text, status text, is_draft boolean,
       merge_commit_id text, merge_method text, created_at timestamptz, merged_at timestamptz, closed_at timestamptz,
       is_from_fork boolean, told json, place int)
     left join branches t on t.project_id = $2::uuid and t.name = r.target_branch_name
     left join branches s on s.project_id = $2::uuid and s.name = r.source_branch_name and s.id <> t.id and not r.is_from_fork
     order by r.place on conflict do nothing returning id`,
    [project_id],
  );
  const made = await known(manager, 'merge_requests', 'project_id', [project_id], fresh);
  for (const [name, id] of made) ids.set(name, id);
  const offers = rows.flatMap(({ here_as, offers, created_at }) =>
    offers.filter((commit) => here.has(commit)).map((commit_id) => ({ here_as, commit_id, created_at })),
  );
  await manager.query(
    `insert into merge_request_heads (merge_request_id, commit_id, created_at)
     select r.here_as, r.commit_id, r.created_at from json_to_recordset($1) as r (here_as uuid, commit_id text, created_at timestamptz, place int)
     join merge_requests m on m.id = r.here_as order by r.place`,
    [JSON.stringify(placed(offers))],
  );
}

/** A request that was merged elsewhere is merged here too once its target has the commit; nothing else is believed. */
async function noteMerged(
  manager: EntityManager,
  project_id: string,
  requests: readonly (BundledMergeRequest & { id: string })[],
  ids: Known,
): Promise<void> {
  const merged = requests.filter(({ id, status, merge_commit_id }) => {
    return status === 'merged' && merge_commit_id !== null && ids.has(`${project_id} ${id}`);
  });
  for (const { id, merge_commit_id, merge_method, merged_at } of merged) {
    const [open] = await manager.query<{ id: string; head: string }[]>(
      `select m.id, t.head_commit_id as head from merge_requests m join branches t on t.id = m.target_branch_id
       where m.id = $1 and m.status = 'open' and t.head_commit_id is not null for no key update of m`,
      [ids.get(`${project_id} ${id}`)],
    );
    if (!open) continue;
    const graph = await graphReaching(manager, project_id, [open.head]);
    if (!graph.has(merge_commit_id!) || !graph.isIn(open.head, merge_commit_id!)) continue;
    await manager.query(
      `update merge_requests set status = 'merged', merge_commit_id = $2, merge_method = $3, merged_at = coalesce($4, now()),
         updated_at = now() where id = $1`,
      [open.id, merge_commit_id, merge_method, merged_at],
    );
  }
}

/**
 * What a request from a fork offers by now, where its branch is not here to tell: what was pushed after all that is known of
 * it, told by the project that told of it before. Gives how many offer something new.
 */
async function noteLaterOffers(
  manager: EntityManager,
  caller: Caller,
  {
    project_id,
    requests,
    ids,
    here,
    source,
  }: {
    project_id: string;
    requests: readonly (BundledMergeRequest & { id: string })[];
    ids: Known;
    here: ReadonlySet<string>;
    source: Source;
  },
): Promise<number> {
  let changed = 0;
  for (const { id, status, is_from_fork, offers } of requests) {
    const request = ids.get(`${project_id} ${id}`);
    if (request === undefined || status !== 'open' || !is_from_fork) continue;
    const [open] = await manager.query<unknown[]>(
      `select from merge_requests where id = $1 and status = 'open' and source_branch_id is null
         and told->>'project_id' = $2 for no key update`,
      [request, source.project_id],
    );
    if (!open) continue;
    const known = await manager.query<{ commit_id: string }[]>(
      'select commit_id from merge_request_heads where merge_request_id = $1 order by seq',
      [request],
    );
    const later = offersAfter(
      known.map(({ commit_id }) => commit_id),
      offers,
    ).filter((offer) => here.has(offer));
    await manager.query(
      `insert into merge_request_heads (merge_request_id, commit_id, actor_id)
       select $1, commit_id, $3 from unnest($2::text[]) with ordinality as t (commit_id, place) order by place`,
      [request, later, caller.user_id],
    );
    if (later.length > 0) changed++;
  }
  return changed;
}

/** What was offered after all that is known: an offer that was gone back to is one more. */
function offersAfter(known: readonly string[], offers: readonly string[]): readonly string[] {
  let from = 0;
  for (const commit of known) {
    const place = offers.indexOf(commit, from);
    if (place < 0) return offers.slice(offers.findLastIndex((offer) => known.includes(offer)) + 1);
    from = place + 1;
  }
  return offers.slice(from);
}

async function insertReviews(
  manager: EntityManager,
  fresh: readonly Fresh<BundledConversation['reviews'][number] & Told>[],
  { authored, source }: From,
): Promise<number> {
  return insertAll(
    manager,
    fresh.map((review) => ({ ...review, ...authored(review), told: toldOf(source, stateOf.review(review)) })),
    `insert into merge_request_reviews (id, origin_id, merge_request_id, user_id, foreign_author, foreign_author_name, verdict,
       body, head_commit_id, resolutions_hash, result_tree, created_at, dismissed_at, dismissal_reason, told)
     select r.here_as, r.id, r."of", r.author, r."foreign", r.name, r.verdict,
       r.body, r.head_commit_id, r.resolutions_hash, r.result_tree, r.created_at, r.dismissed_at, r.dismissal_reason, r.told
     from json_to_recordset($1) as r (here_as uuid, id uuid, "of" uuid, author uuid, "foreign" uuid, name text,
       verdict text, body text, head_commit_id text, resolutions_hash text, result_tree text, created_at timestamptz,
       dismissed_at timestamptz, dismissal_reason text, told json, place int)
     order by r.place on conflict do nothing returning id`,
  );
}

async function insertThreads(
  manager: EntityManager,
  fresh: readonly Fresh<BundledConversation['threads'][number] & Told>[],
  { here, authored, source }: { here: ReadonlySet<string> } & From,
): Promise<number> {
  return insertAll(
    manager,
    fresh.map(({ comments: _, ...thread }) => ({
      ...thread,
      ...authored(thread),
      told: toldOf(source, stateOf.thread(thread)),
      anchor: thread.anchor && here.has(thread.anchor.commit_id) ? thread.anchor : null,
    })),
    `insert into merge_request_threads (id, origin_id, merge_request_id, anchor, created_by, foreign_author,
       foreign_author_name, created_at, resolved_at, told)
     select r.here_as, r.id, r."of", case when json_typeof(r.anchor) = 'object' then r.anchor end, r.author, r."foreign",
       r.name, r.created_at, r.resolved_at, r.told
     from json_to_recordset($1) as r (here_as uuid, id uuid, "of" uuid, anchor json, author uuid, "foreign" uuid,
       name text, created_at timestamptz, resolved_at timestamptz, told json, place int)
     order by r.place on conflict do nothing returning id`,
  );
}

async function insertComments(
  manager: EntityManager,
  fresh: readonly Fresh<BundledConversation['threads'][number]['comments'][number] & Told>[],
  { authored, source }: From,
): Promise<number> {
  return insertAll(
    manager,
    fresh.map((comment) => ({ ...comment, ...authored(comment), told: toldOf(source, stateOf.comment(comment)) })),
    `insert into merge_request_comments (id, origin_id, thread_id, author_id, foreign_author, foreign_author_name, body,
       suggestion, applied_commit_id, created_at, edited_at, deleted_at, told)
     select r.here_as, r.id, r."of", r.author, r."foreign", r.name, r.body,
       case when json_typeof(r.suggestion) = 'object' then r.suggestion end, r.applied_commit_id, r.created_at, r.edited_at, r.deleted_at, r.told
     from json_to_recordset($1) as r (here_as uuid, id uuid, "of" uuid, author uuid, "foreign" uuid, name text,
       body text, suggestion json, applied_commit_id text, created_at timestamptz, edited_at timestamptz,
       deleted_at timestamptz, told json, place int)
     order by r.place on conflict do nothing returning id`,
  );
}

/** Writes rows that were found missing; where somebody else wrote one meanwhile, all is to be tried again. */
async function insertAll(
  manager: EntityManager,
  rows: readonly object[],
  statement: string,
  values: unknown[] = [],
): Promise<number> {
  if (rows.length === 0) return 0;
  const made = await manager.query<unknown[]>(statement, [JSON.stringify(placed(rows)), ...values]);
  if (made.length < rows.length)
    throw new AppError('unavailable', 'The same merge requests are being taken in by somebody else. Try again.');
  return made.length;
}

/** Rows of JSON have no order of their own. */
const placed = (rows: readonly object[]) => rows.map((row, place) => ({ ...row, place }));
