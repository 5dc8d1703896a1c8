import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/intel-releases';
import { meshNodeChanged, meshObserved } from '#libs/contracts/mesh';
import { Handles, Hears } from '#libs/messaging/handles';
import { userOf } from '../access/contributors.js';
import { Identities } from '../access/roles.js';
import { Recommendations } from '../recommend/recommendations.js';
import { Releases } from './releases.js';
import { Sites } from './sites.js';

@Controller()
export class ReleasesController {
  constructor(
    private readonly releases: Releases,
    private readonly sites: Sites,
    private readonly recommendations: Recommendations,
    private readonly identities: Identities,
  ) {}

  @Hears(meshObserved)
  hear(observed: ReturnType<typeof meshObserved.payload.parse>, { message_id }: { message_id: string }) {
    return this.releases.hear(observed, message_id);
  }

  @Hears(meshNodeChanged)
  hearOfNode(changed: ReturnType<typeof meshNodeChanged.payload.parse>, { message_id }: { message_id: string }) {
    return this.releases.hearOfNode(changed, message_id);
  }

  @Handles(contract.listIntelSites)
  listSites(_input: unknown, caller: Caller) {
    return this.sites.list(caller);
  }

  @Handles(contract.saveIntelSite)
  saveSite(input: InputOf<typeof contract.saveIntelSite>, caller: Caller) {
    return this.sites.save(caller, input);
  }

  @Handles(contract.getMySites)
  mySites(_input: unknown, caller: Caller) {
    return this.sites.mine(caller);
  }

  @Handles(contract.setMySites)
  setMySites({ sites }: InputOf<typeof contract.setMySites>, caller: Caller) {
    return this.sites.setMine(caller, sites);
  }

  @Handles(contract.reportReleases)
  report({ observations }: InputOf<typeof contract.reportReleases>, caller: Caller) {
    return this.releases.report(caller, observations);
  }

  @Handles(contract.removeReleases)
  remove({ releases }: InputOf<typeof contract.removeReleases>, caller: Caller) {
    return this.releases.remove(caller, releases);
  }

  @Handles(contract.recommendSites)
  async recommendSites({ release_key, limit, ...given }: InputOf<typeof contract.recommendSites>, caller: Caller) {
    return this.recommendations.sites(await this.identities.userOf(caller, given), release_key, limit);
  }

  @Handles(contract.recommendSimilar)
  similar({ release_key, limit }: InputOf<typeof contract.recommendSimilar>) {
    return this.recommendations.similar(release_key, limit);
  }

  @Handles(contract.recommendTrending)
  trending({ limit }: InputOf<typeof contract.recommendTrending>) {
    return this.recommendations.trending(limit);
  }

  @Handles(contract.giveFeedback)
  feedback({ release_key, ...word }: InputOf<typeof contract.giveFeedback>, caller: Caller) {
    return this.recommendations.feedback(userOf(caller), release_key, word);
  }
}
