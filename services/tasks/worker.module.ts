import { Module } from '@nestjs/common';
import { DatabaseModule } from '#libs/database/database.module';
import { QueueModule } from '#libs/queue/queue.module';
import { Drill } from './engine/drill.js';
import { Heart } from './engine/heart.js';
import { Runner } from './engine/runner.js';
import { FOLLOW_UPS } from './engine/settle.js';
import { TASK_HANDLERS, type TaskHandler } from './engine/task-handler.js';
import { TASKS_ENTITIES } from './entities.js';
import { followUps } from './follow-ups.js';

const HANDLERS = [Drill];

/** Does the work of tasks: takes wake-ups from the queue, and looks in the database what they mean. */
@Module({
  imports: [DatabaseModule.for('tasks', TASKS_ENTITIES), QueueModule.for('tasks')],
  providers: [
    { provide: FOLLOW_UPS, useValue: followUps },
    ...HANDLERS,
    { provide: TASK_HANDLERS, useFactory: (...handlers: TaskHandler[]) => handlers, inject: HANDLERS },
    Heart,
    Runner,
  ],
})
export class WorkerModule {}
