import { Module } from '@nestjs/common';
import { DatabaseModule } from '#libs/database/database.module';
import { Cursors } from './cursors/cursors.js';
import { Door } from './door/door.js';
import { Engine } from './engine.js';
import { JobsController } from './jobs/jobs.controller.js';
import { Jobs } from './jobs/jobs.js';
import { Plans } from './jobs/plans.js';
import { LeasesController } from './leases/leases.controller.js';
import { Leases } from './leases/leases.js';
import { WorkersController } from './nodes/workers.controller.js';
import { Workers } from './nodes/workers.js';
import { Clusters } from './operators/clusters.js';
import { OperatorsController } from './operators/operators.controller.js';
import { Operators } from './operators/operators.js';
import { Peers } from './operators/peers.js';
import { SitesController } from './sites/sites.controller.js';
import { Sites } from './sites/sites.js';

/** All tables of the mesh are reached by statements, none by an entity: see docs/decisions. */
export const MESH_ENTITIES = [];

/** The lease scheduler: nodes, sites, jobs, cursors. */
@Module({
  imports: [DatabaseModule.for('mesh', MESH_ENTITIES)],
  controllers: [LeasesController, WorkersController, JobsController, SitesController, OperatorsController],
  providers: [Engine, Leases, Workers, Jobs, Plans, Sites, Cursors, Operators, Clusters, Peers, Door],
})
export class MeshModule {}
