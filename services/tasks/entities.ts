import { ClipEntity } from './clips/clip.entity.js';
import { IdempotencyKeyEntity, TaskEntity, WakeupEntity } from './engine/task.entities.js';
import { PubAccountEntity, PubCallEntity, PubJobEntity } from './publish/publish.entities.js';
import { RenderEntity } from './render/render.entity.js';
import { ScheduleEntity } from './schedules/schedule.entity.js';
import { VnJobEntity } from './vn/vn-job.entity.js';

/** Every table of the service; its worker shares them. */
export const TASKS_ENTITIES = [
  TaskEntity,
  WakeupEntity,
  IdempotencyKeyEntity,
  ClipEntity,
  RenderEntity,
  VnJobEntity,
  PubAccountEntity,
  PubJobEntity,
  PubCallEntity,
  ScheduleEntity,
];
