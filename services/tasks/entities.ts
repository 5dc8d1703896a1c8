import { IdempotencyKeyEntity, TaskEntity, WakeupEntity } from './engine/task.entities.js';

/** Every table of the service; its worker shares them. */
export const TASKS_ENTITIES = [TaskEntity, WakeupEntity, IdempotencyKeyEntity];
