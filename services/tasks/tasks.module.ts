import { Module } from '@nestjs/common';
import { DatabaseModule } from '#libs/database/database.module';
import { QueueModule } from '#libs/queue/queue.module';
import { Reconciler } from './engine/reconciler.js';
import { FOLLOW_UPS } from './engine/settle.js';
import { TaskNews } from './engine/task-news.js';
import { TasksController } from './engine/tasks.controller.js';
import { Tasks } from './engine/tasks.js';
import { WakeRelay } from './engine/wake-relay.js';
import { TASKS_ENTITIES } from './entities.js';
import { followUps } from './follow-ups.js';
import { QueueFigures } from './queue-figures.js';
import { ScriptsController } from './scripts/scripts.controller.js';

export { TASKS_ENTITIES } from './entities.js';

/** The life of a task: asked for, attempted, done. */
@Module({
  imports: [DatabaseModule.for('tasks', TASKS_ENTITIES), QueueModule.for('tasks')],
  controllers: [TasksController, ScriptsController],
  providers: [{ provide: FOLLOW_UPS, useValue: followUps }, Tasks, TaskNews, WakeRelay, Reconciler, QueueFigures],
})
export class TasksModule {}
