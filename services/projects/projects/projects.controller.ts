import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/projects';
import { Handles } from '#libs/messaging/handles';
import { Projects } from './projects.js';

@Controller()
export class ProjectsController {
  constructor(private readonly projects: Projects) {}

  @Handles(contract.createProject)
  create(draft: InputOf<typeof contract.createProject>, caller: Caller) {
    return this.projects.create(caller, draft);
  }

  @Handles(contract.listProjects)
  list({ skip, limit }: InputOf<typeof contract.listProjects>, caller: Caller) {
    return this.projects.list(caller, skip, limit);
  }

  @Handles(contract.getProject)
  get({ project_id }: InputOf<typeof contract.getProject>, caller: Caller) {
    return this.projects.get(caller, project_id);
  }

  @Handles(contract.getPublicProject)
  getPublic({ project_id }: InputOf<typeof contract.getPublicProject>, caller: Caller) {
    return this.projects.getPublic(caller, project_id);
  }

  @Handles(contract.updateProject)
  update(change: InputOf<typeof contract.updateProject>, caller: Caller) {
    return this.projects.update(caller, change);
  }

  @Handles(contract.deleteProject)
  delete(confirmation: InputOf<typeof contract.deleteProject>, caller: Caller) {
    return this.projects.delete(caller, confirmation);
  }

  @Handles(contract.feed)
  feed(wish: InputOf<typeof contract.feed>, caller: Caller) {
    return this.projects.feed(caller, wish);
  }

  @Handles(contract.listUserProjects)
  ofUser({ user_id, skip, limit }: InputOf<typeof contract.listUserProjects>, caller: Caller) {
    return this.projects.ofUser(caller, user_id, skip, limit);
  }

  @Handles(contract.toggleLike)
  toggleLike({ project_id }: InputOf<typeof contract.toggleLike>, caller: Caller) {
    return this.projects.toggleLike(caller, project_id);
  }
}
