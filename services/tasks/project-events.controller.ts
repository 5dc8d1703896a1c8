import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { mergeRequestMerged, projectDeleted } from '#libs/contracts/projects-events';
import { Hears } from '#libs/messaging/handles';
import { onlyOnce } from '#libs/outbox/outbox';
import { copyMergedClips } from './clips/clips.js';
import { forgetProject } from './forget-project.js';

/** What follows here from what happens to projects. */
@Controller()
export class ProjectEventsController {
  constructor(private readonly database: DataSource) {}

  @Hears(mergeRequestMerged)
  async onMerged(merged: Parameters<typeof copyMergedClips>[1], { message_id }: { message_id: string }): Promise<void> {
    await onlyOnce(this.database.manager, message_id, 'tasks.clips', (manager) => copyMergedClips(manager, merged));
  }

  @Hears(projectDeleted)
  async onDeleted({ project_id }: { project_id: string }): Promise<void> {
    await this.database.transaction((manager) => forgetProject(manager, project_id));
  }
}
