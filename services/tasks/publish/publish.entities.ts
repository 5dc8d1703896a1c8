import { Check, Column, Entity, Generated, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { LogEntry } from '#libs/contracts/tasks-log';
import type { Platform, PubJob } from '#libs/contracts/tasks-publish';

const moment = { type: 'timestamptz', precision: 3 } as const;

@Entity('pub_accounts')
@Check('pub_accounts_platform_check', `platform in ('bilibili', 'douyin', 'site', 'webhook')`)
@Check('pub_accounts_status_check', `status in ('active', 'expired', 'disabled')`)
export class PubAccountEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Index() @Column({ type: 'uuid' }) user_id: string;
  @Column({ type: 'text' }) platform: Platform;
  @Column({ type: 'text', nullable: true }) label: string | null;
  @Column({ type: 'text' }) credential: string;
  @Column({ type: 'text', default: 'active' }) status: 'active' | 'expired' | 'disabled';
  @Column({ ...moment, nullable: true }) last_checked_at: Date | null;
  @Column({ type: 'text', nullable: true }) last_error: string | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}

@Entity('pub_jobs')
@Check('pub_jobs_platform_check', `platform in ('bilibili', 'douyin', 'site', 'webhook')`)
@Check(
  'pub_jobs_status_check',
  `status in ('pending', 'started', 'retrying', 'succeeded', 'failed', 'cancelled', 'unknown')`,
)
export class PubJobEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Index() @Column({ type: 'uuid' }) user_id: string;
  @Index() @Column({ type: 'uuid' }) account_id: string;
  @Column({ type: 'text' }) platform: Platform;
  @Index() @Column({ type: 'uuid', nullable: true }) project_id: string | null;
  @Column({ type: 'text', nullable: true }) branch_name: string | null;
  @Column({ type: 'text', nullable: true }) commit_id: string | null;
  @Index() @Column({ type: 'uuid', nullable: true }) render_id: string | null;
  @Column({ type: 'text', default: '' }) video_url: string;
  @Column({ type: 'text', nullable: true }) title: string | null;
  @Column({ type: 'text', nullable: true }) description: string | null;
  @Column({ type: 'text', array: true, nullable: true }) tags: string[] | null;
  @Column({ type: 'integer', nullable: true }) bilibili_tid: number | null;
  @Column({ type: 'text', nullable: true }) cover_url: string | null;
  @Column({ ...moment, nullable: true }) scheduled_publish_at: Date | null;
  @Column({ type: 'boolean', default: false }) multi_part: boolean;
  @Column({ type: 'jsonb', nullable: true }) input_artifacts: unknown;
  @Column({ type: 'integer', default: 0 }) attempts: number;
  @Index() @Column({ type: 'uuid', nullable: true }) task_id: string | null;
  @Column({ type: 'text', default: 'pending' }) status: PubJob['status'];
  @Column({ type: 'jsonb', nullable: true }) result: unknown;
  @Column({ type: 'jsonb', default: [] }) logs: LogEntry[];
  @Column({ type: 'text', nullable: true }) error: string | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}

@Entity('pub_calls')
@Unique(['job_id', 'number'])
@Check('pub_calls_state_check', `state in ('reserved', 'confirmed', 'refused')`)
export class PubCallEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Index() @Column({ type: 'uuid' }) job_id: string;
  @Column({ type: 'integer' }) number: number;
  @Column({ type: 'text', default: 'reserved' }) state: 'reserved' | 'confirmed' | 'refused';
  @Column({ type: 'integer' }) task_epoch: number;
  @Column({ type: 'jsonb', nullable: true }) answer: unknown;
  @Column({ ...moment, default: () => 'now()' }) reserved_at: Date;
  @Column({ ...moment, nullable: true }) settled_at: Date | null;
}
