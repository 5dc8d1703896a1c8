import { Check, Column, Entity, Generated, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity('clips')
@Check('clips_status_check', `status in ('pending', 'succeeded', 'failed')`)
export class ClipEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Index() @Column({ type: 'uuid' }) project_id: string;
  @Column({ type: 'uuid', nullable: true }) branch_id: string | null;
  @Column({ type: 'text', nullable: true }) branch_name: string | null;
  @Index() @Column({ type: 'uuid' }) user_id: string;
  @Column({ type: 'text', nullable: true }) title: string | null;
  @Column({ type: 'text', nullable: true }) summary: string | null;
  @Column({ type: 'jsonb', nullable: true }) input_artifacts: Record<string, unknown> | null;
  @Column({ type: 'jsonb', nullable: true }) assets_ref: Record<string, unknown> | null;
  @Index() @Column({ type: 'uuid', nullable: true }) task_id: string | null;
  @Column({ type: 'text', default: 'pending' }) status: 'pending' | 'succeeded' | 'failed';
  @Column({ type: 'jsonb', nullable: true }) result: unknown;
  @Column({ type: 'text', nullable: true }) error: string | null;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) created_at: Date;
}
