import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/intel-rules';
import { Handles } from '#libs/messaging/handles';
import { Drafts } from './drafts.js';
import { Keys } from './keys.js';
import { Packages } from './packages.js';

@Controller()
export class RulesController {
  constructor(
    private readonly packages: Packages,
    private readonly drafts: Drafts,
    private readonly keys: Keys,
  ) {}

  @Handles(contract.listRulePackages)
  list({ skip, limit }: InputOf<typeof contract.listRulePackages>) {
    return this.packages.list(skip, limit);
  }

  @Handles(contract.getRulePackage)
  get({ version }: InputOf<typeof contract.getRulePackage>) {
    return this.packages.get(version);
  }

  @Handles(contract.getRuleSignatures)
  signatures({ version }: InputOf<typeof contract.getRuleSignatures>) {
    return this.packages.signatures(version);
  }

  @Handles(contract.getSiteRules)
  site({ site_id, version }: InputOf<typeof contract.getSiteRules>) {
    return this.packages.site(site_id, version);
  }

  @Handles(contract.diffRules)
  diff({ from, to }: InputOf<typeof contract.diffRules>) {
    return this.packages.diff(from, to);
  }

  @Handles(contract.getRulesSchema)
  schema() {
    return this.packages.schema();
  }

  @Handles(contract.createRuleDraft)
  createDraft(draft: InputOf<typeof contract.createRuleDraft>, caller: Caller) {
    return this.drafts.create(caller, draft);
  }

  @Handles(contract.saveRuleDraft)
  saveDraft({ draft_id, ...draft }: InputOf<typeof contract.saveRuleDraft>, caller: Caller) {
    return this.drafts.save(caller, draft_id, draft);
  }

  @Handles(contract.listRuleDrafts)
  listDrafts({ skip, limit }: InputOf<typeof contract.listRuleDrafts>, caller: Caller) {
    return this.drafts.list(caller, skip, limit);
  }

  @Handles(contract.withdrawRuleDraft)
  withdrawDraft({ draft_id }: InputOf<typeof contract.withdrawRuleDraft>, caller: Caller) {
    return this.drafts.withdraw(caller, draft_id);
  }

  @Handles(contract.validateRuleDraft)
  validate({ draft_id }: InputOf<typeof contract.validateRuleDraft>, caller: Caller) {
    return this.drafts.validate(caller, draft_id);
  }

  @Handles(contract.publishRules)
  publish({ note = null, ...wish }: InputOf<typeof contract.publishRules>, caller: Caller) {
    return this.packages.publish(caller, { ...wish, note });
  }

  @Handles(contract.promoteRules)
  promote({ version }: InputOf<typeof contract.promoteRules>, caller: Caller) {
    return this.packages.promote(caller, version);
  }

  @Handles(contract.withdrawRules)
  withdraw({ version }: InputOf<typeof contract.withdrawRules>, caller: Caller) {
    return this.packages.withdraw(caller, version);
  }

  @Handles(contract.rollbackRules)
  rollback({ to, sites, note }: InputOf<typeof contract.rollbackRules>, caller: Caller) {
    return this.packages.rollback(caller, to, sites, note ?? null);
  }

  @Handles(contract.signRules)
  sign({ version, signatures }: InputOf<typeof contract.signRules>, caller: Caller) {
    return this.packages.addSignatures(caller, version, signatures);
  }

  @Handles(contract.getTrustKeys)
  showKeys() {
    return this.keys.show();
  }

  @Handles(contract.rotateKey)
  rotate({ role }: InputOf<typeof contract.rotateKey>, caller: Caller) {
    return this.keys.rotate(caller, role);
  }

  @Handles(contract.publishRoot)
  publishRoot(root: InputOf<typeof contract.publishRoot>, caller: Caller) {
    return this.keys.publish(caller, root);
  }
}
