import { Check, Column, Entity, Generated, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { StoredState } from './task-row.js';

const moment = { type: 'timestamptz', precision: 3 } as const;

@Entity('tasks')
@Check('tasks_state_check', `state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')`)
@Check('tasks_priority_check', 'priority between 0 and 10')
export class TaskEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Column({ type: 'text' }) kind: string;
  @Index() @Column({ type: 'uuid' }) user_id: string;
  @Index() @Column({ type: 'uuid', nullable: true }) project_id: string | null;
  @Column({ type: 'jsonb' }) input: Record<string, unknown>;
  @Column({ type: 'text', default: 'queued' }) state: StoredState;
  @Column({ type: 'integer', default: 1 }) attempt_epoch: number;
  @Column({ type: 'integer', default: 0 }) attempts: number;
  @Column({ type: 'integer', default: 0 }) deaths: number;
  @Column({ type: 'integer', default: 5 }) priority: number;
  @Column({ ...moment, default: () => 'now()' }) run_at: Date;
  @Column({ type: 'boolean', default: false }) is_parked: boolean;
  @Column({ ...moment, nullable: true }) woken_at: Date | null;
  @Column({ type: 'text', nullable: true }) worker_id: string | null;
  @Column({ ...moment, nullable: true }) heartbeat_at: Date | null;
  @Column({ type: 'boolean', default: false }) cancel_requested: boolean;
  @Column({ type: 'double precision', default: 0 }) progress: number;
  @Column({ type: 'text', nullable: true }) note: string | null;
  @Column({ type: 'integer', default: 1 }) news: number;
  @Column({ type: 'jsonb', nullable: true }) result: unknown;
  @Column({ type: 'text', nullable: true }) error: string | null;
  @Column({ type: 'boolean', default: false }) is_dead: boolean;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
  @Column({ ...moment, nullable: true }) started_at: Date | null;
  @Column({ ...moment, nullable: true }) finished_at: Date | null;
  @Column({ type: 'text', nullable: true }) request_id: string | null;
  @Column({ type: 'text', nullable: true }) trace_parent: string | null;
}

@Entity('wakeups')
@Unique(['task_id', 'epoch'])
export class WakeupEntity {
  @PrimaryColumn({ type: 'bigint', insert: false }) @Generated('increment') seq: number;
  @Column({ type: 'uuid' }) task_id: string;
  @Column({ type: 'integer' }) epoch: number;
  @Column({ type: 'timestamptz', default: () => `'-infinity'` }) claimed_until: Date;
}

@Entity('idempotency_keys')
export class IdempotencyKeyEntity {
  @PrimaryColumn({ type: 'uuid' }) user_id: string;
  @PrimaryColumn({ type: 'text' }) operation: string;
  @PrimaryColumn({ type: 'text' }) key: string;
  @Column({ type: 'text' }) body_hash: string;
  @Column({ type: 'jsonb' }) answer: unknown;
  @Index() @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}
