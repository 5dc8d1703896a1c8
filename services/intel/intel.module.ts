import { Module } from '@nestjs/common';
import { DatabaseModule } from '#libs/database/database.module';

export const INTEL_ENTITIES = [];

/** Works and aliases, the release index, rules, snapshots. */
@Module({ imports: [DatabaseModule.for('intel', INTEL_ENTITIES)] })
export class IntelModule {}
