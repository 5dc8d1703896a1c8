import { Module } from '@nestjs/common';
import { DatabaseModule } from '#libs/database/database.module';

export const MEDIA_ENTITIES = [];

/** Assets, uploads and their renditions. */
@Module({ imports: [DatabaseModule.for('media', MEDIA_ENTITIES)] })
export class MediaModule {}
