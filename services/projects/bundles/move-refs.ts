import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { BundledCommit } from '#libs/contracts/projects-bundles';
import { AppError } from '#libs/errors/app-error';
import { onBranch, type Admission } from '../access/access.js';
import { ruleOf } from '../access/branch-rules.js';
import { isPushAllowed } from '../access/permissions.js';
import { bringWorkspaceAlong } from '../versions/bring-workspace.js';
import { graphReaching } from '../versions/commit-graphs.js';
import { insertBranch, moveHead } from '../versions/refs.js';
import type { BranchEntity } from '../versions/version.entities.js';
import { startWorkspace } from '../versions/workspaces.js';

/** What is to become of a branch; without `expected` it may be wherever it is, as long as the new commit comes after that. */
export interface RefMoveWish {
  branch_name: string;
  to: string;
  expected?: string | null;
  description?: string | null;
  tags?: string[] | null;
}

export interface RefOutcome {
  branch_name: string;
  outcome: 'created' | 'moved' | 'unchanged' | 'diverged' | 'not_allowed';
  /** Where the branch was. */
  head: string | null;
  to: string;
}

export interface PlannedMove extends RefOutcome {
  wish: RefMoveWish;
  branch: BranchEntity | undefined;
}

/**
 * Says what can become of each branch, and keeps these branches from moving until the transaction ends. A branch is only
 * ever moved to what comes after its head; it has diverged when it cannot be. To be asked before the commits are written.
 */
export async function planMoves(
  manager: EntityManager,
  caller: Caller,
  admission: Admission,
  { commits, wishes }: { commits: readonly BundledCommit[]; wishes: readonly RefMoveWish[] },
): Promise<PlannedMove[]> {
  const names = wishes.map(({ branch_name }) => branch_name);
  if (new Set(names).size < names.length) throw new AppError('invalid', 'A branch can be moved once at a time.');
  const branches = await manager.query<BranchEntity[]>(
    'select * from branches where project_id = $1 and name = any($2) order by id for no key update',
    [admission.project.id, names],
  );
  const brought = new Map(commits.map((commit) => [commit.id, commit.parents]));
  const plan: PlannedMove[] = [];
  for (const wish of wishes) {
    const branch = branches.find(({ name }) => name === wish.branch_name);
    const head = branch?.head_commit_id ?? null;
    const outcome = await outcomeOf(manager, caller, admission, { wish, branch, brought });
    plan.push({ branch_name: wish.branch_name, outcome, head, to: wish.to, wish, branch });
  }
  return plan;
}

async function outcomeOf(
  manager: EntityManager,
  caller: Caller,
  admission: Admission,
  { wish, branch, brought }: { wish: RefMoveWish; branch: BranchEntity | undefined; brought: Brought },
): Promise<RefOutcome['outcome']> {
  const head = branch?.head_commit_id ?? null;
  if (head === wish.to) return 'unchanged';
  if (!branch && !admission.allows('createBranch')) return 'not_allowed';
  if (branch) {
    const { allows, relations } = onBranch(admission, branch, caller);
    const { push } = await ruleOf(manager, branch.id);
    if (!allows('commit') || !isPushAllowed(push, relations)) return 'not_allowed';
  }
  if (wish.expected !== undefined && wish.expected !== head) return 'diverged';
  if (head !== null && !(await comesAfter(manager, admission.project.id, { later: wish.to, earlier: head, brought })))
    return 'diverged';
  return branch ? 'moved' : 'created';
}

type Brought = ReadonlyMap<string, readonly string[]>;

/** Whether one commit has another in its history, some of which is here and some of which is only being brought. */
async function comesAfter(
  manager: EntityManager,
  projectId: string,
  { later, earlier, brought }: { later: string; earlier: string; brought: Brought },
): Promise<boolean> {
  const open = [later];
  const seen = new Set(open);
  const here: string[] = [];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === earlier) return true;
    const parents = brought.get(id);
    if (!parents) here.push(id);
    for (const parent of parents ?? [])
      if (!seen.has(parent)) {
        seen.add(parent);
        open.push(parent);
      }
  }
  const graph = await graphReaching(manager, projectId, [...here, earlier]);
  return here.some((id) => graph.isIn(id, earlier));
}

/** Makes and moves the branches as planned; their commits must be written by now. */
export async function carryOutMoves(
  manager: EntityManager,
  caller: Caller,
  projectId: string,
  plan: readonly PlannedMove[],
): Promise<void> {
  for (const { wish, branch, outcome } of plan) {
    if (outcome === 'created') await create(manager, caller, projectId, wish);
    if (outcome !== 'moved' || !branch) continue;
    await moveHead(manager, branch, { to: wish.to, move: 'imported', actor_id: caller.user_id });
    await bringWorkspaceAlong(manager, caller, branch, wish.to);
  }
}

async function create(manager: EntityManager, caller: Caller, projectId: string, wish: RefMoveWish): Promise<void> {
  const branch = await insertBranch(manager, {
    project_id: projectId,
    name: wish.branch_name,
    head_commit_id: wish.to,
    creator_id: caller.user_id,
    description: wish.description ?? null,
    tags: wish.tags ?? null,
    parent_branch_id: null,
  });
  if (!branch)
    throw new AppError('conflict', `Branch ${wish.branch_name} was made by somebody else meanwhile. Try again.`);
  await startWorkspace(manager, branch.id, wish.to, caller.user_id);
}
