import { Module } from '@nestjs/common';
import { DatabaseModule } from '#libs/database/database.module';
import { QueueModule } from '#libs/queue/queue.module';
import { TASKS_ENTITIES } from './tasks.module.js';

/** Does the work of tasks: takes wake-ups from the queue, and looks in the database what they mean. */
@Module({ imports: [DatabaseModule.for('tasks', TASKS_ENTITIES), QueueModule.for('tasks')] })
export class WorkerModule {}
