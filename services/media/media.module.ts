import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, HEALTH, LOG } from '#libs/bootstrap/tokens';
import { DatabaseModule } from '#libs/database/database.module';
import type { Health } from '#libs/observability/health';
import type { Log } from '#libs/observability/logger';
import { keepStoreReady } from '#libs/storage/keep-ready';
import { OBJECT_STORE, type ObjectStore } from '#libs/storage/object-store';
import { openStore } from '#libs/storage/storage-config';
import { QueueModule } from '#libs/queue/queue.module';
import { AssetView } from './assets/asset-view.js';
import { AssetsController } from './assets/assets.controller.js';
import { Assets } from './assets/assets.js';
import { CarryingController } from './assets/carrying.controller.js';
import { Carrying } from './assets/carrying.js';
import { Links } from './assets/links.js';
import { Showing } from './assets/showing.js';
import { VnAssets } from './assets/vn-assets.js';
import { Collect } from './collection/collect.js';
import { DeadObjects } from './collection/dead-objects.js';
import { Orphans } from './collection/orphans.js';
import { ProjectEventsController } from './collection/project-events.controller.js';
import { ProjectMedia } from './collection/project-media.js';
import { QUARANTINE } from './domain/object-names.js';
import { Jobs } from './jobs/jobs.js';
import {
  AssetEntity,
  AssetUseEntity,
  BlobEntity,
  CarriedLinkEntity,
  DeadObjectEntity,
  JobEntity,
  RenditionEntity,
  UploadEntity,
} from './media.entities.js';
import { Derive } from './renditions/derive.js';
import { PlaybackController } from './renditions/playback.controller.js';
import { Playback } from './renditions/playback.js';
import { Rights } from './rights.js';
import { Rounds } from './rounds.js';
import { FinishUpload } from './uploads/finish-upload.js';
import { Quota } from './uploads/quota.js';
import { UploadView } from './uploads/upload-view.js';
import { UploadsController } from './uploads/uploads.controller.js';
import { Uploads } from './uploads/uploads.js';
import { VerifyUpload } from './uploads/verify-upload.js';

export const MEDIA_ENTITIES = [
  BlobEntity,
  AssetEntity,
  AssetUseEntity,
  UploadEntity,
  JobEntity,
  RenditionEntity,
  DeadObjectEntity,
  CarriedLinkEntity,
];

/** Assets, uploads and their renditions. */
@Module({
  imports: [DatabaseModule.for('media', MEDIA_ENTITIES), QueueModule.for('media')],
  controllers: [UploadsController, AssetsController, CarryingController, PlaybackController, ProjectEventsController],
  providers: [
    { provide: OBJECT_STORE, useFactory: openStore, inject: [CONFIG] },
    Rights,
    Jobs,
    Quota,
    Uploads,
    UploadView,
    FinishUpload,
    VerifyUpload,
    Assets,
    AssetView,
    VnAssets,
    Links,
    Carrying,
    Showing,
    Derive,
    Playback,
    ProjectMedia,
    DeadObjects,
    Collect,
    Orphans,
    Rounds,
  ],
})
export class MediaModule implements OnApplicationBootstrap {
  constructor(
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(HEALTH) private readonly health: Health,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await keepStoreReady(
      this.store,
      { health: this.health, log: this.log },
      { tidy: { prefixes: [QUARANTINE], days: 30 } },
    );
  }
}
