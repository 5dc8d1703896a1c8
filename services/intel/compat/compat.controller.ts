import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/intel';
import { Handles } from '#libs/messaging/handles';
import { Identities } from '../access/roles.js';
import { Releases } from '../releases/releases.js';
import { Packages } from '../rules/packages.js';
import { Answers } from './answers.js';

@Controller()
export class CompatController {
  constructor(
    private readonly answers: Answers,
    private readonly releases: Releases,
    private readonly packages: Packages,
    private readonly identities: Identities,
  ) {}

  @Handles(contract.resolveAlias)
  async resolve({ q }: InputOf<typeof contract.resolveAlias>) {
    return (await this.answers.resolve([q]))[0]!;
  }

  @Handles(contract.resolveTitles)
  async resolveMany({ titles }: InputOf<typeof contract.resolveTitles>) {
    return { results: await this.answers.resolve(titles) };
  }

  @Handles(contract.searchAliases)
  search({ q, ...wish }: InputOf<typeof contract.searchAliases>) {
    return this.answers.search(q, wish);
  }

  @Handles(contract.explainTitle)
  explain({ q }: InputOf<typeof contract.explainTitle>) {
    return this.answers.explain(q);
  }

  @Handles(contract.getIndexEntry)
  index({ release_key, token, authorization }: InputOf<typeof contract.getIndexEntry>, caller: Caller) {
    return this.releases.entry(caller, release_key, { token, authorization });
  }

  @Handles(contract.getLatestRules)
  async rules({ format, if_none_match, client_id, ...given }: InputOf<typeof contract.getLatestRules>, caller: Caller) {
    const { user_id, token_unknown } = await this.identities.whoAsks(caller, given);
    const reader = user_id ?? (client_id ? `client ${client_id}` : null);
    return { ...(await this.packages.latest(format, if_none_match, reader)), token_unknown };
  }
}
