import type { EntityManager } from 'typeorm';
import type { OutputOf } from '#libs/contracts/contract';
import type { revertCommit } from '#libs/contracts/projects-redo';
import type { Language } from '#libs/timeline/diff/describe-changes';
import type { Document } from '#libs/timeline/document';
import { valueAt, whereabouts } from '#libs/timeline/merge/at-path';
import type { Path } from '#libs/timeline/merge/conflict';
import { conflictInWords, type SideNames } from '#libs/timeline/merge/conflict-words';
import type { NamedConflict, ResolvedMerge } from '#libs/timeline/merge/merge-resolved';
import type { Versions } from '#libs/timeline/merge/versions';
import { lastChanges } from './blame.query.js';
import { graphReaching } from './commit-graphs.js';
import { logEntries, type LogEntry } from './log-entries.query.js';

export type ConflictView = OutputOf<typeof revertCommit>['conflicts'][number];

/** What a view of conflicts is made from. */
export interface ConflictScene {
  project_id: string;
  result: Pick<ResolvedMerge, 'open' | 'settled'>;
  versions: Versions<Document>;
  /** The commits whose documents the sides are, to tell who changed what. */
  heads: { ours: string | null; theirs: string | null };
  names: SideNames;
  language: Language;
  /** Who decided what, by the ids of conflicts. */
  decided?: ReadonlyMap<string, { by: string | null; by_name: string | null; at: Date | null }>;
}

/** The conflicts of a merge for people: in words, with who changed what, the ways out, and what was decided. Open ones first. */
export async function conflictViews(manager: EntityManager, scene: ConflictScene): Promise<ConflictView[]> {
  const { open, settled } = scene.result;
  const all: (NamedConflict & { resolution?: { take: string; value?: unknown } })[] = [...open, ...settled];
  if (all.length === 0) return [];
  const ours = await sideCommits(manager, scene, scene.heads.ours, all);
  const theirs = await sideCommits(manager, scene, scene.heads.theirs, all);
  return all.map((conflict) => {
    const { message: _message, resolution, ...plain } = conflict;
    const decided = scene.decided?.get(conflict.id);
    return {
      ...plain,
      path: [...conflict.path],
      used_by: conflict.used_by?.map((path) => [...path]),
      also: conflict.also?.map((place) => ({ ...place, path: [...place.path] })),
      ...conflictInWords(conflict, scene.versions, scene),
      ours_commit: ours.get(conflict.id) ?? null,
      theirs_commit: theirs.get(conflict.id) ?? null,
      depends_on: all.filter((other) => other !== conflict && stands(conflict, other)).map(({ id }) => id),
      resolution: resolution
        ? {
            take: resolution.take as ConflictView['choices'][number]['take'],
            value: resolution.value,
            by: decided?.by ?? null,
            by_name: decided?.by_name ?? null,
            at: decided?.at ?? null,
          }
        : null,
    };
  });
}

/** Whether a conflict is about a part of what another is about, or about a use by it: that one is decided first. */
function stands(conflict: NamedConflict, other: NamedConflict): boolean {
  const isWithin = (path: Path) => other.path.length < path.length && other.path.every((step, at) => step === path[at]);
  return isWithin(conflict.path) || (conflict.used_by ?? []).some(isWithin);
}

/** A conflict whose commit is further away than this is told without it. */
const LOOKS_FOR_MS = 2000;

/** For each conflict the commit of one side that last changed what it is about. */
async function sideCommits(
  manager: EntityManager,
  { project_id }: ConflictScene,
  head: string | null,
  conflicts: readonly NamedConflict[],
): Promise<Map<string, LogEntry>> {
  if (head === null) return new Map();
  const graph = await graphReaching(manager, project_id, [head]);
  const readers = new Map(conflicts.map(({ id, path }) => [id, (document: Document) => standing(document, path)]));
  const { changes } = await lastChanges(manager, graph, readers, {
    open: new Map([[head, new Set(readers.keys())]]),
    most: 10_000,
    until: performance.now() + LOOKS_FOR_MS,
  });
  const commits = new Map((await logEntries(manager, [...new Set(changes.values())])).map((one) => [one.id, one]));
  return new Map([...changes].map(([id, commit]) => [id, commits.get(commit)!]));
}

/** What stands at a path, and in which row: a move is a change as well. */
function standing(document: Document, path: Path): unknown {
  const here = whereabouts(document, path);
  const value = valueAt(document, here);
  return value === undefined ? undefined : { value, in: here.slice(0, -1) };
}
