import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { AppError } from '#libs/errors/app-error';
import { onBranch, onProject, type Admission } from '../access/access.js';
import { requireCommit } from './history.query.js';
import type { BranchEntity } from './version.entities.js';
import { visibleHistory } from './visible-history.js';

/**
 * The commit that a ref means to this caller: a commit by its whole hash, whatever branches and tags are called; a
 * branch's head (null when it has none), a tag's commit, or a commit by the first seven characters of its hash or more.
 * Where a name and the beginning of a hash mean different commits, neither is guessed: passers-by name branches too.
 * What the caller may not see is as unknown as what is not there.
 */
export async function resolveRef(
  manager: EntityManager,
  caller: Caller,
  admission: Admission,
  ref: string,
): Promise<string | null> {
  const name = ref.trim();
  const project = admission.project.id;
  const seesAll = onProject(admission).allows('readHistory');
  const hash = name.toLowerCase();
  const found = /^[0-9a-f]{7,64}$/.test(hash) ? await beginningWith(manager, project, hash) : [];
  const seen = seesAll || found.length === 0 ? found : await amongSeen(manager, caller, admission, found);
  if (seen[0] === hash) return hash;
  const [branch] = await manager.query<BranchEntity[]>('select * from branches where project_id = $1 and name = $2', [
    project,
    name,
  ]);
  if (branch && onBranch(admission, branch, caller).allows('readHistory'))
    return sureOf(name, 'branch', branch.head_commit_id, seen);
  const [tag] = await manager.query<{ commit_id: string }[]>(
    'select commit_id from tags where project_id = $1 and name = $2 and $3',
    [project, name, seesAll],
  );
  if (tag) return sureOf(name, 'tag', tag.commit_id, seen);
  if (seen.length > 1) throw new AppError('invalid', `${name} begins more than one commit; give more of the hash.`);
  if (seen[0] === undefined)
    throw new AppError('not_found', `There is no branch, tag or commit ${name} in this project.`);
  return seen[0];
}

function sureOf(name: string, what: 'branch' | 'tag', named: string | null, begun: readonly string[]): string | null {
  if (begun.every((commit) => commit === named)) return named;
  throw new AppError('invalid', `${name} is a ${what}, and the beginning of another commit; give the whole hash.`);
}

/** The same for those who need a commit: a branch without one is refused. */
export async function requireRef(...asked: Parameters<typeof resolveRef>): Promise<string> {
  const commit = await resolveRef(...asked);
  if (commit === null) throw new AppError('not_found', `${asked[3]} has no commit yet.`);
  return commit;
}

/** The commit of a whole hash, if it is of this project and the caller sees it; else it is unknown, in the words given. */
export async function requireVisibleCommit(
  manager: EntityManager,
  caller: Caller,
  admission: Admission,
  { hash, words }: { hash: string; words: string },
): Promise<string> {
  const commit = await requireCommit(manager, admission.project.id, hash, words);
  if (onProject(admission).allows('readHistory')) return commit;
  const [seen] = await amongSeen(manager, caller, admission, [commit]);
  if (seen === undefined) throw new AppError('not_found', words);
  return seen;
}

async function beginningWith(manager: EntityManager, projectId: string, hash: string): Promise<string[]> {
  const rows = await manager.query<{ commit_id: string }[]>(
    `select c.id as commit_id from commits c join project_commits pc on pc.commit_seq = c.seq
     where pc.project_id = $1 and c.id between $2 and $3 limit 2`,
    [projectId, hash, hash.padEnd(64, 'f')],
  );
  return rows.map(({ commit_id }) => commit_id);
}

async function amongSeen(
  manager: EntityManager,
  caller: Caller,
  admission: Admission,
  found: string[],
): Promise<string[]> {
  const { heads, graph } = await visibleHistory(manager, caller, admission);
  return found.filter((id) => graph.has(id) && heads.some((head) => graph.isIn(head, id)));
}
