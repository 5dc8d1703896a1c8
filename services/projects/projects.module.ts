import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, HEALTH, LOG } from '#libs/bootstrap/tokens';
import { DatabaseModule } from '#libs/database/database.module';
import type { Health } from '#libs/observability/health';
import type { Log as Logger } from '#libs/observability/logger';
import { Outbound } from '#libs/outbound/outbound';
import { Keyring } from '#libs/sealing/keyring';
import { keepStoreReady } from '#libs/storage/keep-ready';
import { OBJECT_STORE, type ObjectStore } from '#libs/storage/object-store';
import { openStore } from '#libs/storage/storage-config';
import { openKeyring } from '#libs/sealing/sealing-config';
import { Access } from './access/access.js';
import { PersonalTokenEntity, RefreshTokenEntity, SessionEntity, UserEntity } from './accounts/account.entities.js';
import { AccountsController } from './accounts/accounts.controller.js';
import { Accounts } from './accounts/accounts.js';
import { PersonalTokens } from './accounts/personal-tokens.js';
import { Sessions } from './accounts/sessions.js';
import { AnchorEntity } from './anchors/anchor.entity.js';
import { AnchorsController } from './anchors/anchors.controller.js';
import { CarriedMedia } from './bundles/carried-media.js';
import { BundlesController } from './bundles/bundles.controller.js';
import { TransferEntity } from './bundles/transfer.entity.js';
import { TransferWorker } from './bundles/transfer-worker.js';
import { Transfers } from './bundles/transfers.js';
import type { ProjectsConfig } from './config.js';
import { MediaController } from './media/media.controller.js';
import { NamedMedia } from './media/named-media.js';
import { RenewLinks } from './media/renew-links.js';
import { limitDocuments } from './objects/documents.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditEntryEntity } from './audit/audit.entity.js';
import { AuditLog } from './audit/audit-log.js';
import { InvitationEntity } from './members/invitation.entity.js';
import { Invitations } from './members/invitations.js';
import { MembersController } from './members/members.controller.js';
import { Members } from './members/members.js';
import { MergeRequestEntity } from './merge-requests/merge-request.entity.js';
import { Conflicts } from './merge-requests/conflicts.js';
import { MergeStates } from './merge-requests/merge-state.js';
import { Merging } from './merge-requests/merging.js';
import { MergeRequestsController } from './merge-requests/merge-requests.controller.js';
import { MergeRequests } from './merge-requests/merge-requests.js';
import { RequestFinder } from './merge-requests/request-finder.js';
import {
  MergeRequestCommentEntity,
  MergeRequestHeadEntity,
  MergeRequestReviewEntity,
  MergeRequestReviewerEntity,
  MergeRequestThreadEntity,
  MergeResolutionEntity,
} from './merge-requests/review.entities.js';
import { ReviewsController } from './merge-requests/reviews.controller.js';
import { Reviews } from './merge-requests/reviews.js';
import { Suggestions } from './merge-requests/suggestions.js';
import { Threads } from './merge-requests/threads.js';
import { ObjectEntity } from './objects/object.entity.js';
import { LikeEntity, MemberEntity, ProjectEntity } from './projects/project.entities.js';
import { ProjectsController } from './projects/projects.controller.js';
import { Projects } from './projects/projects.js';
import { CloudAccounts } from './remotes/cloud-accounts.js';
import { CloudClient } from './remotes/cloud-client.js';
import { CloudAccountEntity, RemoteEntity, SyncEntity } from './remotes/remote.entities.js';
import { RemotesController } from './remotes/remotes.controller.js';
import { Remotes } from './remotes/remotes.js';
import { Syncs } from './remotes/syncs.js';
import { TravellingMedia } from './remotes/travelling-media.js';
import { TeamMemberEntity, TeamEntity } from './teams/team.entities.js';
import { TeamsController } from './teams/teams.controller.js';
import { Teams } from './teams/teams.js';
import { TransferController } from './transfer/transfer.controller.js';
import { TimelineReader } from './transfer/timeline-reader.js';
import { TimelinesBack } from './transfer/timelines-back.js';
import { Transfer } from './transfer/transfer.js';
import { Blame } from './versions/blame.js';
import { BranchKeeping } from './versions/branch-keeping.js';
import { Collector } from './collection/collector.js';
import { Branches } from './versions/branches.js';
import { ChangeCommitsController } from './versions/change-commits.controller.js';
import { ChangeCommits } from './versions/change-commits.js';
import { Commits } from './versions/commits.js';
import { CatchUp } from './versions/catch-up.js';
import { ForksController } from './versions/forks.controller.js';
import { Forks } from './versions/forks.js';
import { LogController } from './versions/log.controller.js';
import { Log } from './versions/log.js';
import { RedoController } from './versions/redo.controller.js';
import { Redo } from './versions/redo.js';
import { Reflog } from './versions/reflog.js';
import { RefsController } from './versions/refs.controller.js';
import { Revisions } from './versions/revisions.js';
import { Tags } from './versions/tags.js';
import { BranchRuleEntity, RefMoveEntity, ReleaseEntity, TagEntity } from './versions/ref.entities.js';
import {
  BranchEntity,
  CommitBringerEntity,
  CommitEntity,
  FurtherParentEntity,
  ProjectCommitEntity,
  WorkspaceEntity,
  WorkspaceRevisionEntity,
} from './versions/version.entities.js';
import { VersionsController } from './versions/versions.controller.js';
import { Workspaces } from './versions/workspaces.js';
import { WebhookSender } from './webhooks/webhook-sender.js';
import { WebhookDeliveryEntity, WebhookEntity } from './webhooks/webhook.entities.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';
import { Webhooks } from './webhooks/webhooks.js';

export const PROJECTS_ENTITIES = [
  UserEntity,
  SessionEntity,
  RefreshTokenEntity,
  PersonalTokenEntity,
  ProjectEntity,
  MemberEntity,
  InvitationEntity,
  TeamEntity,
  TeamMemberEntity,
  AuditEntryEntity,
  WebhookEntity,
  WebhookDeliveryEntity,
  TransferEntity,
  CloudAccountEntity,
  RemoteEntity,
  SyncEntity,
  LikeEntity,
  ObjectEntity,
  CommitEntity,
  FurtherParentEntity,
  ProjectCommitEntity,
  CommitBringerEntity,
  BranchEntity,
  BranchRuleEntity,
  RefMoveEntity,
  TagEntity,
  ReleaseEntity,
  WorkspaceEntity,
  WorkspaceRevisionEntity,
  AnchorEntity,
  MergeRequestEntity,
  MergeRequestHeadEntity,
  MergeRequestReviewerEntity,
  MergeRequestReviewEntity,
  MergeRequestThreadEntity,
  MergeRequestCommentEntity,
  MergeResolutionEntity,
];

/** Accounts, projects, versions, merge requests, transfer. */
@Module({
  imports: [DatabaseModule.for('projects', PROJECTS_ENTITIES)],
  controllers: [
    AccountsController,
    ProjectsController,
    MembersController,
    TeamsController,
    AuditController,
    WebhooksController,
    BundlesController,
    RemotesController,
    VersionsController,
    LogController,
    ChangeCommitsController,
    RefsController,
    ForksController,
    RedoController,
    MergeRequestsController,
    ReviewsController,
    TransferController,
    AnchorsController,
    MediaController,
  ],
  providers: [
    Access,
    Accounts,
    Sessions,
    PersonalTokens,
    Projects,
    Members,
    Invitations,
    Teams,
    AuditLog,
    Webhooks,
    WebhookSender,
    Transfers,
    CarriedMedia,
    TransferWorker,
    CloudClient,
    CloudAccounts,
    TravellingMedia,
    Remotes,
    Syncs,
    { provide: OBJECT_STORE, useFactory: openStore, inject: [CONFIG] },
    { provide: Keyring, useFactory: openKeyring, inject: [CONFIG] },
    {
      provide: Outbound,
      useFactory: (config: ProjectsConfig) => new Outbound(config.OUTBOUND_ALLOWED_HOSTS),
      inject: [CONFIG],
    },
    Branches,
    Blame,
    BranchKeeping,
    Commits,
    ChangeCommits,
    Collector,
    CatchUp,
    Forks,
    Log,
    Redo,
    Reflog,
    Revisions,
    Tags,
    Workspaces,
    MergeRequests,
    RequestFinder,
    MergeStates,
    Merging,
    Conflicts,
    Reviews,
    Threads,
    Suggestions,
    Transfer,
    TimelineReader,
    TimelinesBack,
    NamedMedia,
    RenewLinks,
  ],
})
export class ProjectsModule implements OnApplicationBootstrap {
  constructor(
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(HEALTH) private readonly health: Health,
    @Inject(LOG) private readonly log: Logger,
    @Inject(CONFIG) config: ProjectsConfig,
    database: DataSource,
  ) {
    limitDocuments(database, config.DOCUMENT_LIMIT_MB * 2 ** 20);
  }

  async onApplicationBootstrap(): Promise<void> {
    await keepStoreReady(this.store, { health: this.health, log: this.log });
  }
}
