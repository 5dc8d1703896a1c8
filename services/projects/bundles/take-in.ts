import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { BundledCommit, BundleManifest, MissingMedia, TagOutcome } from '#libs/contracts/projects-bundles';
import { AppError } from '#libs/errors/app-error';
import { onBranch, type Access, type Admission } from '../access/access.js';
import type { Action } from '../access/permissions.js';
import { signedIn } from '../accounts/accounts.js';
import { audit } from '../audit/audit.js';
import { longestDocument } from '../objects/documents.js';
import { readNodes } from '../objects/object-store.js';
import { insertProject } from '../projects/projects.js';
import { insertBranch } from '../versions/refs.js';
import type { CarriedMedia } from './carried-media.js';
import { checkBundle, type CheckedCommit, type Ground } from './check-bundle.js';
import { keepObjects } from './keep-objects.js';
import { keepRequests, NOTHING_KEPT, type KeptRequests } from './keep-requests.js';
import { keepTags } from './keep-tags.js';
import { carryOutMoves, planMoves, type PlannedMove, type RefMoveWish } from './move-refs.js';
import type { ReadBundle } from './read-bundle.js';
import { objectsOf } from './selection.js';

export interface ImportWish {
  mode: 'import' | 'verify';
  into_project_id?: string | undefined;
  name?: string | undefined;
  refs?: RefMoveWish[] | undefined;
  own_author_id?: string | undefined;
  /** Under which name the other side's branch is kept when it has diverged; without it, it is not. */
  keepDiverged?: (branch_name: string) => string;
}

export interface ImportReport extends Record<string, unknown> {
  project_id: string | null;
  project: BundleManifest['project'];
  commits: number;
  objects: number;
  tags: number;
  merge_requests: number;
  /** What of the merge requests was not here yet. */
  added: KeptRequests;
  missing_media: MissingMedia[];
  tag_outcomes: TagOutcome[];
  refs: { branch_name: string; outcome: string; head: string | null; to: string }[];
}

/** A bundle, what is to become of it, and which of the media its documents name are not here. */
export interface TakingIn {
  bundle: ReadBundle;
  wish: ImportWish;
  carried: CarriedMedia;
  missing: MissingMedia[];
}

const NOTHING: Ground = { commits: new Map(), objects: new Map(), trees: new Map(), branches: new Set() };

/**
 * Looks at a bundle and, unless it is only to be verified, takes it in, in one transaction: all of it or nothing. Taking
 * the same one in again finds everything there.
 */
export async function takeIn(
  manager: EntityManager,
  access: Access,
  caller: Caller,
  { bundle, wish, carried, missing }: TakingIn,
): Promise<ImportReport> {
  const { manifest, commits } = bundle;
  const into = wish.into_project_id;
  const admission = into === undefined ? undefined : await admitted(manager, access, caller, into);
  const ground = admission ? await groundOf(manager, admission.project.id, manifest) : NOTHING;
  const checked = checkBundle(bundle, ground, longestDocument(manager));
  const report = {
    project: manifest.project,
    commits: commits.length,
    objects: bundle.objects.size,
    tags: manifest.tags.length,
    merge_requests: manifest.merge_requests.length,
    missing_media: missing,
  };
  if (wish.mode === 'verify') {
    const refs = manifest.refs.flatMap(({ name, target }) =>
      target === null ? [] : [{ branch_name: name, outcome: 'verified', head: null, to: target }],
    );
    return { project_id: null, ...report, added: NOTHING_KEPT, tag_outcomes: [], refs };
  }
  const wishes = wish.refs ?? wishesOf(manifest);
  requireBrought(wishes, checked, ground);
  const plan = admission ? await planMoves(manager, caller, admission, { commits, wishes }) : [];
  const may = admission ? rightsOf(caller, admission, plan) : EVERYTHING;
  if (wish.refs) requireAll(plan);
  if (!may.write)
    throw new AppError(
      'unauthorized',
      'You may neither commit on a branch that this bundle names nor make one here: nothing was taken in.',
      { reason: 'not_allowed' },
    );
  const { keepDiverged } = wish;
  if (admission && keepDiverged) {
    const beside = plan
      .filter(({ outcome }) => outcome === 'diverged')
      .map(({ branch_name, to }) => ({ branch_name: keepDiverged(branch_name), to }));
    plan.push(...(await planMoves(manager, caller, admission, { commits, wishes: beside })));
  }
  await keepObjects(manager, bundle, ground);
  await writeCommits(manager, caller, { commits, checked, own: wish.own_author_id });
  const project_id = admission?.project.id ?? (await newProject(manager, caller, bundle, wish));
  await manager.query(
    `insert into project_commits (project_id, commit_seq) select $1::uuid, seq from commits where id = any($2)
     on conflict do nothing`,
    [project_id, commits.map(({ id }) => id)],
  );
  const moves = admission ? plan : await beginnings(manager, caller, bundle, project_id);
  await carryOutMoves(manager, caller, project_id, moves);
  const { merge_requests } = manifest;
  const added = await keepRequests(manager, caller, {
    project_id,
    // Without its id a request could not be known again.
    requests: admission ? merge_requests.filter(({ id }) => id !== undefined) : merge_requests,
    conversations: bundle.conversations,
    own: wish.own_author_id,
    source: { project_id: manifest.project.id, made_at: manifest.made_at },
    may,
  });
  const tag_outcomes = await keepTags(manager, caller, {
    project_id,
    tags: manifest.tags,
    isAllowed: may.tag,
  });
  if (may.addMedia) await carried.tell(manager, caller, project_id, manifest.media);
  const refs = moves.map(({ branch_name, outcome, head, to }) => ({ branch_name, outcome, head, to }));
  const subject = { from_project_id: manifest.project.id, commits: commits.length, refs };
  await audit(manager, { actor_id: caller.user_id, project_id, action: 'projects.bundleImported', subject });
  return { project_id, ...report, added, tag_outcomes, refs };
}

interface Rights {
  write: boolean;
  addMedia: boolean;
  tag: boolean;
  /** Make requests, put words into others' mouths, and settle what was settled elsewhere. */
  make: boolean;
  speak: boolean;
  settle: boolean;
}
const EVERYTHING: Rights = { write: true, addMedia: true, tag: true, make: true, speak: true, settle: true };

/**
 * What a bundle may do to a project in the hands of this caller. It tells of others and of other times, so that nothing of
 * it is kept for somebody who cannot write there; and what others said is believed of those who may merge.
 */
function rightsOf(caller: Caller, admission: Admission, plan: readonly PlannedMove[]): Rights {
  const { allows } = admission;
  const named = (action: Action) =>
    plan.some(({ branch }) => branch !== undefined && onBranch(admission, branch, caller).allows(action));
  return {
    write: allows('createBranch') || named('commit'),
    addMedia: allows('addMedia') || named('addMedia'),
    tag: allows('writeTags'),
    make: allows('createMergeRequest'),
    speak: allows('mergeMergeRequest'),
    settle: allows('mergeMergeRequest'),
  };
}

async function admitted(manager: EntityManager, access: Access, caller: Caller, projectId: string): Promise<Admission> {
  const admission = await access.admit(manager, caller, projectId, 'commit');
  if (!admission || (admission.relations.size === 0 && !admission.madeABranch))
    throw new AppError('not_found', 'Project not found');
  return admission;
}

/** What the project has of what the bundle builds upon. What is here but not in this project counts as unknown. */
async function groundOf(manager: EntityManager, projectId: string, { prerequisites }: BundleManifest): Promise<Ground> {
  const rows = await manager.query<{ id: string; generation: number; tree: string }[]>(
    `select c.id, c.generation, encode(t.sha256, 'hex') as tree
     from project_commits pc join commits c on c.seq = pc.commit_seq join objects t on t.seq = c.tree_seq
     where pc.project_id = $1 and c.id = any($2)`,
    [projectId, prerequisites],
  );
  const trees = new Map(rows.map(({ id, tree }) => [id, tree]));
  const hashes = await objectsOf(manager, [...trees.values()], new Set());
  const branches = await manager.query<{ name: string }[]>('select name from branches where project_id = $1', [
    projectId,
  ]);
  return {
    commits: new Map(rows.map(({ id, generation }) => [id, generation])),
    objects: await readNodes(manager, [...hashes]),
    trees,
    branches: new Set(branches.map(({ name }) => name)),
  };
}

const wishesOf = ({ refs }: BundleManifest): RefMoveWish[] =>
  refs.flatMap(({ name, target, description, tags }) =>
    target === null ? [] : [{ branch_name: name, to: target, description, tags }],
  );

function requireBrought(
  wishes: readonly RefMoveWish[],
  checked: ReadonlyMap<string, CheckedCommit>,
  ground: Ground,
): void {
  for (const { branch_name, to } of wishes)
    if (!checked.has(to) && !ground.commits.has(to))
      throw new AppError('invalid', `Branch ${branch_name} cannot go to ${to}: the bundle does not bring it.`);
}

function requireAll(plan: readonly PlannedMove[]): void {
  const refused = plan.filter(({ outcome }) => outcome === 'diverged' || outcome === 'not_allowed');
  if (refused.length === 0) return;
  const refs = plan.map(({ branch_name, outcome, head, to }) => ({ branch_name, outcome, head, to }));
  const diverged = refused.filter(({ outcome }) => outcome === 'diverged').map(({ branch_name }) => branch_name);
  if (diverged.length > 0)
    throw new AppError('conflict', `${diverged.join(', ')} has moved on there. Pull, merge, and push again.`, {
      reason: 'diverged',
      refs,
    });
  throw new AppError(
    'unauthorized',
    `You may not commit on ${refused.map(({ branch_name }) => branch_name).join(', ')}.`,
    {
      reason: 'not_allowed',
      refs,
    },
  );
}

async function writeCommits(
  manager: EntityManager,
  caller: Caller,
  {
    commits,
    checked,
    own,
  }: { commits: readonly BundledCommit[]; checked: ReadonlyMap<string, CheckedCommit>; own?: string | undefined },
): Promise<void> {
  const rows = commits.map((commit) => {
    const { author, author_name } = commit;
    const isOwn = author !== null && (author === own || author === caller.user_id);
    const isForeign = author !== null && author !== caller.user_id;
    return {
      ...commit,
      ...checked.get(commit.id)!,
      author_id: isOwn ? caller.user_id : null,
      foreign_author: isForeign ? author : null,
      foreign_author_name: isForeign ? author_name : null,
    };
  });
  await manager.query(
    `insert into commits (id, tree_seq, author_id, foreign_author, foreign_author_name, message, asset_count, created_at, generation)
     select id, (select seq from objects where sha256 = decode(tree, 'hex')), author_id, foreign_author, foreign_author_name,
       message, asset_count, created_at, generation
     from unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::int[], $8::timestamptz[], $9::int[])
       as t (id, tree, author_id, foreign_author, foreign_author_name, message, asset_count, created_at, generation)
     on conflict (id) do nothing`,
    [
      rows.map(({ id }) => id),
      rows.map(({ tree }) => tree),
      rows.map(({ author_id }) => author_id),
      rows.map(({ foreign_author }) => foreign_author),
      rows.map(({ foreign_author_name }) => foreign_author_name),
      rows.map(({ message }) => message),
      rows.map(({ asset_count }) => asset_count),
      rows.map(({ created_at }) => created_at),
      rows.map(({ generation }) => generation),
    ],
  );
  await manager.query(
    `insert into commit_bringers (commit_seq, user_id) select seq, $2::uuid from commits where id = any($1) and author_id is null
     on conflict do nothing`,
    [rows.map(({ id }) => id), caller.user_id],
  );
  const parents = rows.flatMap(({ id, parents }) => parents.map((parent, ord) => ({ id, ord, parent })));
  await manager.query(
    `with parents as (
       select c.seq as commit_seq, t.ord, p.seq as parent_seq
       from unnest($1::text[], $2::smallint[], $3::text[]) as t (id, ord, parent_id)
         join commits c on c.id = t.id join commits p on p.id = t.parent_id),
     first as (
       update commits c set parent_seq = p.parent_seq from parents p
       where p.ord = 0 and c.seq = p.commit_seq and c.parent_seq is null)
     insert into further_parents (commit_seq, ord, parent_seq)
     select * from parents where ord > 0 on conflict do nothing`,
    [parents.map(({ id }) => id), parents.map(({ ord }) => ord), parents.map(({ parent }) => parent)],
  );
}

function newProject(
  manager: EntityManager,
  caller: Caller,
  { manifest }: ReadBundle,
  { name }: ImportWish,
): Promise<string> {
  const { project } = manifest;
  return insertProject(manager, {
    owner_id: signedIn(caller),
    name: name ?? project.name,
    description: project.description,
    tags: project.tags,
    is_public: false,
  });
}

/** In a new project every branch is made; one called main there always is. */
async function beginnings(
  manager: EntityManager,
  caller: Caller,
  { manifest }: ReadBundle,
  project_id: string,
): Promise<PlannedMove[]> {
  const empty = manifest.refs.filter(({ target }) => target === null).map(({ name }) => name);
  const withoutMain = !manifest.refs.some(({ name }) => name === 'main');
  for (const name of withoutMain ? ['main', ...empty] : empty)
    await insertBranch(manager, {
      project_id,
      name,
      head_commit_id: null,
      creator_id: caller.user_id,
      parent_branch_id: null,
    });
  return wishesOf(manifest).map((wish) => ({
    branch_name: wish.branch_name,
    outcome: 'created',
    head: null,
    to: wish.to,
    wish,
    branch: undefined,
  }));
}
