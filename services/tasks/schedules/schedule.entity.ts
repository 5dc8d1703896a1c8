import { Column, Entity, Generated, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { ScheduledWork } from '#libs/contracts/tasks-schedules';

const moment = { type: 'timestamptz', precision: 3 } as const;

@Entity('schedules')
export class ScheduleEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Index() @Column({ type: 'uuid' }) user_id: string;
  @Index() @Column({ type: 'uuid', nullable: true }) project_id: string | null;
  @Column({ type: 'text', nullable: true }) name: string | null;
  @Column({ type: 'text' }) cron: string;
  @Column({ type: 'text' }) time_zone: string;
  @Column({ type: 'jsonb' }) work: ScheduledWork;
  @Index() @Column({ ...moment, nullable: true }) next_at: Date | null;
  @Column({ ...moment, nullable: true }) last_due_at: Date | null;
  @Column({ type: 'uuid', nullable: true }) last_task_id: string | null;
  @Column({ type: 'text', nullable: true }) last_error: string | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}
