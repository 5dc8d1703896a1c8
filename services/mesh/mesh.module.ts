import { Module } from '@nestjs/common';
import { DatabaseModule } from '#libs/database/database.module';

export const MESH_ENTITIES = [];

/** The lease scheduler: nodes, sites, jobs, cursors. */
@Module({ imports: [DatabaseModule.for('mesh', MESH_ENTITIES)] })
export class MeshModule {}
