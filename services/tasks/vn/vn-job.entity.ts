import { Check, Column, Entity, Generated, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { LogEntry } from '#libs/contracts/tasks-log';
import type { Engine } from '../domain/vn/script.js';

@Entity('vn_jobs')
@Check('vn_jobs_engine_check', `engine in ('KIRIKIRI', 'RENPY')`)
@Check('vn_jobs_status_check', `status in ('pending', 'started', 'succeeded', 'failed')`)
export class VnJobEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Index() @Column({ type: 'uuid' }) project_id: string;
  @Column({ type: 'text', nullable: true }) branch_name: string | null;
  @Index() @Column({ type: 'uuid' }) user_id: string;
  @Column({ type: 'text', nullable: true }) engine: Engine | null;
  @Column({ type: 'text', nullable: true }) script_text: string | null;
  @Column({ type: 'text', array: true, default: '{}' }) asset_ids: string[];
  @Index() @Column({ type: 'uuid', nullable: true }) task_id: string | null;
  @Column({ type: 'text', default: 'pending' }) status: 'pending' | 'started' | 'succeeded' | 'failed';
  @Column({ type: 'integer', default: 0 }) attempts: number;
  @Column({ type: 'jsonb', nullable: true }) result: unknown;
  @Column({ type: 'jsonb', default: [] }) logs: LogEntry[];
  @Column({ type: 'text', nullable: true }) error: string | null;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) created_at: Date;
}
