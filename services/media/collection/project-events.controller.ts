import { Controller } from '@nestjs/common';
import {
  branchMoved,
  commitCreated,
  mergeRequestMerged,
  projectCreated,
  projectDeleted,
  projectVisibilityChanged,
  type RefMove,
} from '#libs/contracts/projects-events';
import type { z } from 'zod';
import { Hears } from '#libs/messaging/handles';
import { ProjectMedia } from './project-media.js';

const BRINGING: ReadonlySet<RefMove> = new Set(['fast_forwarded', 'moved', 'imported']);

/** What happens to projects, as far as it concerns their media. */
@Controller()
export class ProjectEventsController {
  constructor(private readonly media: ProjectMedia) {}

  @Hears(commitCreated)
  committed({ project_id, commit_id }: z.output<typeof commitCreated.payload>) {
    return this.media.noteCommit(project_id, commit_id);
  }

  /** A branch that is put on a commit of elsewhere names what that names, though nobody committed it here. */
  @Hears(branchMoved)
  async moved({ project_id, after, move }: z.output<typeof branchMoved.payload>) {
    if (after !== null && BRINGING.has(move)) await this.media.noteCommit(project_id, after);
  }

  /** Clips that a merge carried along show media of where they were made, which need not stay. */
  @Hears(mergeRequestMerged)
  merged(merged: z.output<typeof mergeRequestMerged.payload>) {
    return this.media.noteClips(merged);
  }

  @Hears(projectCreated)
  created({ project_id }: z.output<typeof projectCreated.payload>) {
    return this.media.noteNew(project_id);
  }

  @Hears(projectVisibilityChanged)
  visibilityChanged({ project_id }: z.output<typeof projectVisibilityChanged.payload>) {
    return this.media.noteProject(project_id);
  }

  @Hears(projectDeleted)
  deleted({ project_id }: z.output<typeof projectDeleted.payload>) {
    return this.media.letGo(project_id);
  }
}
