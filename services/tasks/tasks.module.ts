import { Module } from '@nestjs/common';
import { DatabaseModule } from '#libs/database/database.module';
import { QueueModule } from '#libs/queue/queue.module';
import { ClipsController } from './clips/clips.controller.js';
import { Clips } from './clips/clips.js';
import { Reconciler } from './engine/reconciler.js';
import { FOLLOW_UPS } from './engine/settle.js';
import { TaskNews } from './engine/task-news.js';
import { TasksController } from './engine/tasks.controller.js';
import { Tasks } from './engine/tasks.js';
import { WakeRelay } from './engine/wake-relay.js';
import { TASKS_ENTITIES } from './entities.js';
import { followUps } from './follow-ups.js';
import { GenerationController } from './generation/generation.controller.js';
import { Generation } from './generation/generation.js';
import { Providers } from './generation/providers.js';
import { MediaToolsModule } from './media/media-tools.module.js';
import { ProjectEventsController } from './project-events.controller.js';
import { Accounts } from './publish/accounts.js';
import { PubJobs } from './publish/jobs.js';
import { PublishController } from './publish/publish.controller.js';
import { QueueFigures } from './queue-figures.js';
import { RendersController } from './render/renders.controller.js';
import { Renders } from './render/renders.js';
import { Scheduler } from './schedules/scheduler.js';
import { SchedulesController } from './schedules/schedules.controller.js';
import { Schedules } from './schedules/schedules.js';
import { ScriptReader } from './vn/script-reader.js';
import { VnController } from './vn/vn.controller.js';
import { VnJobs } from './vn/vn-jobs.js';

export { TASKS_ENTITIES } from './entities.js';

/** The life of a task: asked for, attempted, done. */
@Module({
  imports: [DatabaseModule.for('tasks', TASKS_ENTITIES), QueueModule.for('tasks'), MediaToolsModule],
  controllers: [
    TasksController,
    GenerationController,
    ClipsController,
    VnController,
    RendersController,
    PublishController,
    SchedulesController,
    ProjectEventsController,
  ],
  providers: [
    { provide: FOLLOW_UPS, useValue: followUps },
    Tasks,
    TaskNews,
    WakeRelay,
    Reconciler,
    QueueFigures,
    Providers,
    Generation,
    Clips,
    ScriptReader,
    VnJobs,
    Renders,
    Accounts,
    PubJobs,
    Schedules,
    Scheduler,
  ],
})
export class TasksModule {}
