import { TreeCheck } from '#libs/timeline/objects/check-tree';
import { commitId } from '../domain/commit-id.js';
import { BUNDLE_LIMITS, refusedBundle } from './bundle-limits.js';
import type { ReadBundle } from './read-bundle.js';

/** What is in the project already that a bundle may build upon. */
export interface Ground {
  /** Those of the prerequisites that the project has, with their generations. */
  readonly commits: ReadonlyMap<string, number>;
  /** The texts of the objects that their documents are made of. */
  readonly objects: ReadonlyMap<string, string>;
  /** The trees of these commits. */
  readonly trees: ReadonlyMap<string, string>;
  /** The names of its branches. */
  readonly branches: ReadonlySet<string>;
}

/** A commit that may be taken in: what it needs is there, and it is what it says. */
export interface CheckedCommit {
  generation: number;
  asset_count: number;
}

/**
 * Asks of a bundle whether all of it holds together: each commit is what its id says and comes after its parents, which are
 * in the bundle or are named prerequisites that the project has; each document can be read from objects of the bundle or of
 * the prerequisites, and of nothing else that happens to be here, and is no longer than `longest` characters; each ref leads to one of these commits.
 */
export function checkBundle(
  { manifest, commits, conversations, objects }: ReadBundle,
  ground: Ground,
  longest: number,
): Map<string, CheckedCommit> {
  requireConversations({ manifest, conversations });
  const missing = manifest.prerequisites.filter((id) => !ground.commits.has(id));
  if (missing.length > 0)
    throw refusedBundle(`it needs ${missing.length} commits that are not here, the first is ${missing[0]}`, {
      missing: missing.slice(0, 100),
    });
  const trees = new TreeCheck((hash) => objects.get(hash) ?? ground.objects.get(hash), {
    longest,
    steps: BUNDLE_LIMITS.steps,
  });
  const checked = new Map<string, CheckedCommit>();
  const named = new Set(manifest.prerequisites);
  const generationOf = (id: string) =>
    checked.get(id)?.generation ?? (named.has(id) ? ground.commits.get(id) : undefined);
  for (const commit of commits) {
    if (checked.has(commit.id)) throw refusedBundle(`commit ${commit.id} is in it twice`);
    if (commitId(commit) !== commit.id) throw refusedBundle(`commit ${commit.id} is not what its id says`);
    if (Number.isNaN(Date.parse(commit.created_at))) throw refusedBundle(`commit ${commit.id} has no such time`);
    if (new Set(commit.parents).size < commit.parents.length)
      throw refusedBundle(`commit ${commit.id} names a parent twice`);
    const generations = commit.parents.map((parent) => {
      const generation = generationOf(parent);
      if (generation === undefined)
        throw refusedBundle(`commit ${commit.id} comes before its parent ${parent}, or that is missing`);
      return generation;
    });
    checked.set(commit.id, { generation: 1 + Math.max(0, ...generations), asset_count: trees.check(commit.tree) });
  }
  for (const hash of objects.keys()) if (!trees.isUsed(hash)) throw refusedBundle(`nothing in it needs object ${hash}`);
  requireTargets(manifest, ground.branches, (id) => checked.has(id) || named.has(id));
  return checked;
}

function requireTargets(
  { refs, tags, merge_requests }: ReadBundle['manifest'],
  branches: ReadonlySet<string>,
  isThere: (id: string) => boolean,
): void {
  const names = new Set<string>();
  for (const { name, target } of refs) {
    if (target !== null && !isThere(target)) throw refusedBundle(`branch ${name} leads to a commit that is not in it`);
    if (names.has(name)) throw refusedBundle(`branch ${name} is in it twice`);
    names.add(name);
  }
  for (const { name, target } of tags)
    if (!isThere(target)) throw refusedBundle(`tag ${name} leads to a commit that is not in it`);
  if (new Set(tags.map(({ name }) => name)).size < tags.length) throw refusedBundle('a tag is in it twice');
  const isKnown = (name: string) => names.has(name) || branches.has(name);
  for (const { status, source_branch_name: from, target_branch_name: to, is_from_fork, offers } of merge_requests) {
    const isOffering = is_from_fork ? offers.length > 0 : from !== to && isKnown(from);
    if (status === 'open' && !(isOffering && isKnown(to)))
      throw refusedBundle('a merge request is about branches that are not in it');
  }
}

/** Each conversation is about a request of the manifest, once, and nothing in it has the id of something else. */
function requireConversations({ manifest, conversations }: Pick<ReadBundle, 'manifest' | 'conversations'>): void {
  const requests = manifest.merge_requests.flatMap(({ id }) => id ?? []);
  const told = conversations.map(({ merge_request_id }) => merge_request_id);
  const known = new Set(requests);
  if (told.some((id) => !known.has(id))) throw refusedBundle('something is said of a merge request that is not in it');
  const all = conversations.flatMap(({ reviews, threads }) => [
    ...reviews.map(({ id }) => id),
    ...threads.flatMap(({ id, comments }) => [id, ...comments.map((comment) => comment.id)]),
  ]);
  for (const ids of [requests, told, all])
    if (new Set(ids).size < ids.length) throw refusedBundle('a merge request or something said of one is in it twice');
  const decided = conversations.map(({ decisions }) => decisions.map(({ conflict_id }) => conflict_id));
  if (decided.some((ids) => new Set(ids).size < ids.length)) throw refusedBundle('a conflict is decided in it twice');
  if (all.length + decided.flat().length > BUNDLE_LIMITS.remarks)
    throw refusedBundle('more is said in it than can be taken in');
}
