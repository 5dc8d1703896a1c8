import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, HEALTH, LOG } from '#libs/bootstrap/tokens';
import { DatabaseModule } from '#libs/database/database.module';
import type { Health } from '#libs/observability/health';
import type { Log } from '#libs/observability/logger';
import { keepStoreReady } from '#libs/storage/keep-ready';
import { OBJECT_STORE, type ObjectStore } from '#libs/storage/object-store';
import { openStore } from '#libs/storage/storage-config';
import { Contributors } from './access/contributors.js';
import { Retractions } from './access/retractions.js';
import { Identities, Roles } from './access/roles.js';
import { Secrets } from './access/secrets.js';
import { Answers } from './compat/answers.js';
import { CompatController } from './compat/compat.controller.js';
import { NodeEntity } from './nodes/node.entity.js';
import { Feeds } from './nodes/feeds.js';
import { NodesController } from './nodes/nodes.controller.js';
import { Nodes } from './nodes/nodes.js';
import { Feedback } from './recommend/feedback.js';
import { Recommendations } from './recommend/recommendations.js';
import {
  AccountEntity,
  MeshNodeEntity,
  FeedbackVoteEntity,
  RetractionEntity,
  SecretEntity,
  SightingEntity,
  SiteAliasEntity,
  SiteDomainEntity,
  SiteEntity,
  SiteJoinEntity,
  UserSiteEntity,
  WorkSiteEntity,
} from './releases/release.entities.js';
import { ReleasesController } from './releases/releases.controller.js';
import { Releases } from './releases/releases.js';
import { Sightings } from './releases/sightings.js';
import { Sites } from './releases/sites.js';
import { Drafts } from './rules/drafts.js';
import { Keys } from './rules/keys.js';
import { Packages } from './rules/packages.js';
import {
  RootEntity,
  RuleDraftEntity,
  RulePackageEntity,
  RuleRecordEntity,
  SigningKeyEntity,
} from './rules/rule.entities.js';
import { RulesController } from './rules/rules.controller.js';
import { Laying } from './snapshots/laying.js';
import { SnapshotBuildEntity, SnapshotFileEntity, SnapshotStepEntity } from './snapshots/snapshot.entities.js';
import { SnapshotStore } from './snapshots/snapshot-store.js';
import { SnapshotsController } from './snapshots/snapshots.controller.js';
import { Snapshots } from './snapshots/snapshots.js';
import { Titles } from './titles/titles.js';
import { Rounds } from './rounds.js';
import { NameKeys } from './works/name-keys.js';
import { Imports } from './works/imports.js';
import { Submissions } from './works/submissions.js';
import {
  AliasEntity,
  AliasTellerEntity,
  ChangeEntity,
  ClientTokenEntity,
  ContributorEntity,
  ImportEntity,
  SubmissionEntity,
  SubmissionVoteEntity,
  WorkEntity,
  WorkIdEntity,
} from './works/work.entities.js';
import { WorksController } from './works/works.controller.js';
import { Works } from './works/works.js';

export const INTEL_ENTITIES = [
  WorkEntity,
  WorkIdEntity,
  AliasEntity,
  AliasTellerEntity,
  ChangeEntity,
  ContributorEntity,
  SubmissionEntity,
  SubmissionVoteEntity,
  ClientTokenEntity,
  ImportEntity,
  SiteEntity,
  SiteAliasEntity,
  SiteDomainEntity,
  SiteJoinEntity,
  UserSiteEntity,
  AccountEntity,
  MeshNodeEntity,
  RetractionEntity,
  SightingEntity,
  WorkSiteEntity,
  FeedbackVoteEntity,
  SecretEntity,
  SigningKeyEntity,
  RootEntity,
  RuleRecordEntity,
  RulePackageEntity,
  RuleDraftEntity,
  SnapshotBuildEntity,
  SnapshotStepEntity,
  SnapshotFileEntity,
  NodeEntity,
];

/** Works and aliases, the release index, rules, snapshots. */
@Module({
  imports: [DatabaseModule.for('intel', INTEL_ENTITIES)],
  controllers: [
    CompatController,
    WorksController,
    ReleasesController,
    RulesController,
    SnapshotsController,
    NodesController,
  ],
  providers: [
    { provide: OBJECT_STORE, useFactory: openStore, inject: [CONFIG] },
    Rounds,
    Roles,
    Identities,
    Retractions,
    NameKeys,
    Contributors,
    Works,
    Submissions,
    Imports,
    Secrets,
    Titles,
    Answers,
    Sites,
    Sightings,
    Releases,
    Feedback,
    Recommendations,
    Keys,
    Drafts,
    Packages,
    SnapshotStore,
    Laying,
    Snapshots,
    Feeds,
    Nodes,
  ],
})
export class IntelModule implements OnApplicationBootstrap {
  constructor(
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(HEALTH) private readonly health: Health,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await keepStoreReady(this.store, { health: this.health, log: this.log });
  }
}
