import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { bringTimelineBack } from '#libs/contracts/projects-interchange';
import { AppError } from '#libs/errors/app-error';
import type { Document } from '#libs/timeline/document';
import { describeChanges } from '#libs/timeline/diff/describe-changes';
import { diffDocuments } from '#libs/timeline/diff/diff-documents';
import { parseExact } from '#libs/timeline/exact-json';
import { toldLosses } from '#libs/timeline/interchange/losses/describe-losses';
import { sameValue } from '#libs/timeline/merge/same-value';
import { Access } from '../access/access.js';
import { audit } from '../audit/audit.js';
import { namesTag } from '../domain/entity-tags.js';
import { writeDocument } from '../objects/documents.js';
import { commitOn } from '../versions/commit-on.js';
import { lockToCommitOn, parentOf, type CommitTarget } from '../versions/commit-target.js';
import { snapshotOf, treeOfCommit } from '../versions/objects.js';
import type { FilmBack } from './bring-film-back.js';
import { TimelineReader } from './timeline-reader.js';

type Wish = InputOf<typeof bringTimelineBack>;

/** Films that come back from other editors, as commits on a branch of the project that they are from. */
@Injectable()
export class TimelinesBack {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
    private readonly reader: TimelineReader,
  ) {}

  /**
   * Commits what another editor did to a film, on top of the commit that the file was made from. The file is read while
   * nobody waits; should the branch move meanwhile, what was done is merged into that head, unless the wish names one.
   */
  async bring(caller: Caller, wish: Wish): Promise<OutputOf<typeof bringTimelineBack>> {
    const looked = await this.database.transaction(async (manager) => {
      const { target, parent } = await this.look(manager, caller, wish);
      const film = parent === null ? {} : await snapshotOf(manager, parent);
      return { parent, film, head: target.branch.head_commit_id };
    });
    const { content, format, rate } = wish;
    const back = await this.reader.bringBack({
      content,
      format,
      rate: rate ?? null,
      film: JSON.stringify(looked.film),
    });
    const document = parseExact(back.film) as Document;
    const { film: _film, losses, ...found } = back;
    if (back.removed.length > 0 && back.by_id + back.by_likeness.length === 0)
      throw new AppError(
        'invalid',
        'No shot of this film is in the file: all of it would be replaced. Begin a project of its own with the file, or name the commit it was made from.',
        { reason: 'another_film', removed: back.removed.length, added: back.added.length },
      );
    const is_empty = sameValue(document, looked.film);
    const words = describeChanges(diffDocuments(looked.film, document), { language: wish.language });
    const told = { ...found, ...toldLosses(losses, wish.language), is_empty, words };
    if (is_empty || wish.preview) return { ...told, commit_id: null, head_commit_id: looked.head };
    const commit = await this.database.transaction((manager) =>
      this.commit(manager, caller, wish, { parent: looked.parent, document, back }),
    );
    return { ...told, commit_id: commit, head_commit_id: commit };
  }

  private async commit(
    manager: EntityManager,
    caller: Caller,
    wish: Wish,
    { parent: from, document, back }: { parent: string | null; document: Document; back: FilmBack },
  ): Promise<string> {
    const mayMove = wish.parent_hash == null && wish.if_match === undefined;
    const { target, parent } = await this.look(manager, caller, {
      ...wish,
      parent_hash: from,
      rebase: wish.rebase || mayMove,
    });
    const like = parent === null ? null : await treeOfCommit(manager, parent);
    const tree = await writeDocument(manager, document, { like });
    const { id } = await commitOn(manager, caller, target, {
      parent,
      message: wish.message?.trim() || `Cut elsewhere, back as ${wish.format.toUpperCase()}`,
      kept: { tree, sections: Object.keys(document).length },
    });
    const { by_id, by_likeness, added, removed } = back;
    const counts = { by_id, by_likeness: by_likeness.length, added: added.length, removed: removed.length };
    const subject = { branch_name: target.branch.name, commit_id: id, format: wish.format, ...counts };
    const project_id = target.project.id;
    await audit(manager, { actor_id: caller.user_id, project_id, action: 'projects.timelineBroughtBack', subject });
    return id;
  }

  private async look(
    manager: EntityManager,
    caller: Caller,
    wish: Wish,
  ): Promise<{ target: CommitTarget; parent: string | null }> {
    const target = await lockToCommitOn(manager, this.access, caller, wish);
    const { name, head_commit_id } = target.branch;
    if (wish.if_match !== undefined && !namesTag(wish.if_match, `"${head_commit_id ?? ''}"`))
      throw new AppError('conflict', `Branch ${name} has another head by now. Read it again.`, {
        reason: 'precondition_failed',
        head_commit_id,
      });
    return { target, parent: await parentOf(manager, caller, target, wish) };
  }
}
