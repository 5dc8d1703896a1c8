import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import { createAnchor, getAnchor, listAnchors } from '#libs/contracts/projects';
import { AppError } from '#libs/errors/app-error';
import { Handles } from '#libs/messaging/handles';
import { Access } from '../access/access.js';

type AnchorRow = OutputOf<typeof createAnchor>;

/** Character anchors: names with a reference image, kept per project. */
@Controller()
export class AnchorsController {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  @Handles(createAnchor)
  async create(draft: InputOf<typeof createAnchor>, caller: Caller) {
    return this.database.transaction(async (manager) => {
      const { project } = await this.access.toProject(manager, caller, draft.project_id, 'manageAnchors');
      const [anchor] = await manager.query<AnchorRow[]>(
        'insert into anchors (project_id, name, reference_image_url) values ($1, $2, $3) returning *',
        [project.id, draft.name, draft.reference_image_url],
      );
      return anchor!;
    });
  }

  @Handles(listAnchors)
  async list({ project_id }: InputOf<typeof listAnchors>, caller: Caller) {
    const { project } = await this.access.toProject(this.database.manager, caller, project_id, 'readAnchors');
    return this.database.query<AnchorRow[]>('select * from anchors where project_id = $1 order by id', [project.id]);
  }

  /** One that belongs to a project whose anchors the caller may not see is answered as one that is not there. */
  @Handles(getAnchor)
  async get({ anchor_id }: InputOf<typeof getAnchor>, caller: Caller) {
    const [anchor] = await this.database.query<AnchorRow[]>('select * from anchors where id = $1', [anchor_id]);
    const { manager } = this.database;
    const admission = anchor && (await this.access.admit(manager, caller, anchor.project_id, 'readAnchors'));
    if (!anchor || !admission?.allows('readAnchors')) throw new AppError('not_found', 'Anchor not found');
    return anchor;
  }
}
