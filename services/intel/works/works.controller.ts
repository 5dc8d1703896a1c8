import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/intel-works';
import { accountChanged } from '#libs/contracts/projects-events';
import { Handles, Hears } from '#libs/messaging/handles';
import { Contributors } from '../access/contributors.js';
import { Imports } from './imports.js';
import { Submissions } from './submissions.js';
import { Works } from './works.js';

@Controller()
export class WorksController {
  constructor(
    private readonly works: Works,
    private readonly submissions: Submissions,
    private readonly imports: Imports,
    private readonly contributors: Contributors,
  ) {}

  @Hears(accountChanged)
  hearOfAccount(changed: ReturnType<typeof accountChanged.payload.parse>, { message_id }: { message_id: string }) {
    return this.contributors.hearOfAccount(changed, message_id);
  }

  @Handles(contract.getWork)
  get({ release_key }: InputOf<typeof contract.getWork>) {
    return this.works.get(release_key);
  }

  @Handles(contract.findWorks)
  find({ skip, limit, ...ids }: InputOf<typeof contract.findWorks>) {
    return this.works.find(ids, skip, limit);
  }

  @Handles(contract.createWork)
  create(draft: InputOf<typeof contract.createWork>, caller: Caller) {
    return this.works.create(caller, draft);
  }

  @Handles(contract.saveWork)
  save({ release_key, ...draft }: InputOf<typeof contract.saveWork>, caller: Caller) {
    return this.works.save(caller, release_key, draft);
  }

  @Handles(contract.mergeWorks)
  merge({ release_key, into }: InputOf<typeof contract.mergeWorks>, caller: Caller) {
    return this.works.merge(caller, release_key, into);
  }

  @Handles(contract.unmergeWork)
  unmerge({ release_key }: InputOf<typeof contract.unmergeWork>, caller: Caller) {
    return this.works.unmerge(caller, release_key);
  }

  @Handles(contract.splitWork)
  split({ release_key, parts }: InputOf<typeof contract.splitWork>, caller: Caller) {
    return this.works.split(caller, release_key, parts);
  }

  @Handles(contract.unsplitWork)
  unsplit({ release_key }: InputOf<typeof contract.unsplitWork>, caller: Caller) {
    return this.works.unsplit(caller, release_key);
  }

  @Handles(contract.submitAlias)
  submit(wish: InputOf<typeof contract.submitAlias>, caller: Caller) {
    return this.submissions.submit(caller, wish);
  }

  @Handles(contract.listSubmissions)
  listSubmissions({ mine, ...wish }: InputOf<typeof contract.listSubmissions>, caller: Caller) {
    return this.submissions.list(caller, { ...wish, mine: mine === 'true' });
  }

  @Handles(contract.approveSubmission)
  approve({ submission_id, reason }: InputOf<typeof contract.approveSubmission>, caller: Caller) {
    return this.submissions.decide(caller, submission_id, true, reason ?? null);
  }

  @Handles(contract.rejectSubmission)
  reject({ submission_id, reason }: InputOf<typeof contract.rejectSubmission>, caller: Caller) {
    return this.submissions.decide(caller, submission_id, false, reason ?? null);
  }

  @Handles(contract.createImport)
  createImport({ source }: InputOf<typeof contract.createImport>, caller: Caller) {
    return this.imports.create(caller, source);
  }

  @Handles(contract.startImport)
  startImport({ import_id }: InputOf<typeof contract.startImport>, caller: Caller) {
    return this.imports.start(caller, import_id);
  }

  @Handles(contract.getImport)
  getImport({ import_id }: InputOf<typeof contract.getImport>, caller: Caller) {
    return this.imports.get(caller, import_id);
  }

  @Handles(contract.importWorks)
  importWorks({ source, works }: InputOf<typeof contract.importWorks>, caller: Caller) {
    return this.imports.takeIn(caller, source, works);
  }

  @Handles(contract.listContributors)
  listContributors(_input: unknown, caller: Caller) {
    return this.contributors.list(caller);
  }

  @Handles(contract.setContributor)
  setContributor({ user_id, role }: InputOf<typeof contract.setContributor>, caller: Caller) {
    return this.contributors.set(caller, user_id, role);
  }

  @Handles(contract.createClientToken)
  createToken({ name }: InputOf<typeof contract.createClientToken>, caller: Caller) {
    return this.contributors.createToken(caller, name);
  }

  @Handles(contract.listClientTokens)
  listTokens(_input: unknown, caller: Caller) {
    return this.contributors.listTokens(caller);
  }

  @Handles(contract.revokeClientToken)
  revokeToken({ token_id }: InputOf<typeof contract.revokeClientToken>, caller: Caller) {
    return this.contributors.revokeToken(caller, token_id);
  }
}
