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
 * Behind any of these, `~3` is the commit three first parents before it and `^2` its second parent, one behind the other and
 * each 1 where nothing is said (gitrevisions(7)); a branch or tag that is called so itself comes first.
 * What the caller may not see is as unknown as what is not there.
 */
export async function resolveRef(
  manager: EntityManager,
  caller: Caller,
  admission: Admission,
  ref: string,
): Promise<string | null> {
  const name = ref.trim();
  const found = await namedCommit(manager, caller, admission, name);
  if (found !== undefined) return found;
  const [, start, steps] = STEPS.exec(name) ?? [];
  const begin = start === undefined ? undefined : await namedCommit(manager, caller, admission, start);
  const before = begin && (await commitBefore(manager, begin, steps!));
  if (before) return before;
  const words = begin === undefined ? 'no branch, tag or commit' : 'no commit';
  throw new AppError('not_found', `There is ${words} ${name} in this project.`);
}

/** Ways from a commit to one before it, of which nobody needs very many. */
const STEPS = /^(.+?)((?:[~^]\d{0,9}){1,20})$/;

async function commitBefore(manager: EntityManager, begin: string, steps: string): Promise<string | undefined> {
  let commit: string | undefined = begin;
  for (const [, kind, number] of steps.matchAll(/([~^])(\d*)/g)) {
    if (commit === undefined || number === '0') continue;
    const rows: { id: string }[] = await manager.query(kind === '~' ? NTH_BEFORE : NTH_PARENT, [commit, number || 1]);
    commit = rows[0]?.id;
  }
  return commit;
}

const NTH_BEFORE = `with recursive before (seq, n) as (
    select seq, 0 from commits where id = $1
    union all select c.parent_seq, b.n + 1 from before b join commits c using (seq) where b.n < $2 and c.parent_seq is not null)
  select c.id from before b join commits c using (seq) where b.n = $2`;
const NTH_PARENT = `select parent.id from commits c join commit_parents p on p.commit_seq = c.seq
  join commits parent on parent.seq = p.parent_seq where c.id = $1 and p.ord = $2::int - 1`;

/** The commit of a branch, a tag or a hash; undefined where there is none of these. */
async function namedCommit(
  manager: EntityManager,
  caller: Caller,
  admission: Admission,
  name: string,
): Promise<string | null | undefined> {
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
