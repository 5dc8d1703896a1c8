import { Module } from '@nestjs/common';
import { DatabaseModule } from '#libs/database/database.module';

export const TASKS_ENTITIES = [];

/** The life of a task: asked for, attempted, done. */
@Module({ imports: [DatabaseModule.for('tasks', TASKS_ENTITIES)] })
export class TasksModule {}
