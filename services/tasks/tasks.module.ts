import { Module } from '@nestjs/common';
import { DatabaseModule } from '#libs/database/database.module';
import { QueueModule } from '#libs/queue/queue.module';
import { QueueFigures } from './queue-figures.js';
import { ScriptsController } from './scripts/scripts.controller.js';

export const TASKS_ENTITIES = [];

/** The life of a task: asked for, attempted, done. */
@Module({
  imports: [DatabaseModule.for('tasks', TASKS_ENTITIES), QueueModule.for('tasks')],
  controllers: [ScriptsController],
  providers: [QueueFigures],
})
export class TasksModule {}
