import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { blameEntity } from '#libs/contracts/projects-redo';
import { AppError } from '#libs/errors/app-error';
import type { Document } from '#libs/timeline/document';
import { valueAt } from '#libs/timeline/merge/at-path';
import { subjectOf } from '#libs/timeline/merge/subject-of';
import { Access } from '../access/access.js';
import { blameCursor, readBlameCursor } from '../domain/blame-cursor.js';
import { entityIn, pathOfEntity, type EntityKind } from '../domain/entity-paths.js';
import { lastChanges, type Reader } from './blame.query.js';
import { graphReaching } from './commit-graphs.js';
import { logEntries } from './log-entries.query.js';
import { snapshotOf } from './objects.js';
import { requireRef } from './resolve-ref.js';

/** Nobody waits longer for an answer; what is older is asked for with the cursor. */
const LOOKS_FOR_MS = 5000;
/** Where a shot stands is not in the shot; blame tells of it as of a field. */
const TRACK = 'track';

/** Blame: which commit last changed each field of one thing of a film. */
@Injectable()
export class Blame {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  async of(caller: Caller, wish: InputOf<typeof blameEntity>): Promise<OutputOf<typeof blameEntity>> {
    const { entity, id } = wish;
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      const admission = await this.access.toHistory(manager, caller, wish.project_id);
      const head = await requireRef(manager, caller, admission, wish.ref);
      const document = await snapshotOf(manager, head);
      const thing = entityIn(document, entity, id);
      if (!thing) throw new AppError('not_found', `There is no ${entity} ${id} at ${wish.ref}.`);
      const readers = readersOf(thing, entity, id);
      const graph = await graphReaching(manager, admission.project.id, [head]);
      const known = new Set(graph.newestFirst([head]));
      const open = wish.after
        ? readBlameCursor(wish.after, { isPlace: (id) => known.has(id), isField: (name) => readers.has(name) })
        : new Map([[head, new Set(readers.keys())]]);
      const until = performance.now() + LOOKS_FOR_MS;
      const { changes, open: left } = await lastChanges(manager, graph, readers, { open, most: wish.limit, until });
      const commits = new Map((await logEntries(manager, [...new Set(changes.values())])).map((one) => [one.id, one]));
      return {
        commit: head,
        entity,
        id,
        name: subjectOf(pathOfEntity(document, entity, id)!, [document]).name,
        fields: [...readers].map(([field, read]) => ({
          field,
          value: read(document),
          commit: commits.get(changes.get(field) ?? '') ?? null,
        })),
        is_complete: left.size === 0,
        next: left.size === 0 ? null : blameCursor(left),
      };
    });
  }
}

function readersOf(thing: Document, entity: EntityKind, id: string): Map<string, Reader> {
  const contents = entity === 'track' ? 'actions' : '';
  const fields = Object.keys(thing).filter((field) => field !== contents);
  const readers = new Map<string, Reader>(
    fields.map((field) => [field, (document) => valueAt(entityIn(document, entity, id), [field])]),
  );
  if (entity === 'shot') readers.set(TRACK, (document) => pathOfEntity(document, 'shot', id)?.[1]);
  return readers;
}
