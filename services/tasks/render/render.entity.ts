import { Check, Column, Entity, Generated, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { Loss } from '#libs/timeline/interchange/losses/loss';

@Entity('renders')
@Check('renders_format_check', `format in ('mp4', 'webm')`)
@Check('renders_status_check', `status in ('pending', 'succeeded', 'failed')`)
export class RenderEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Index() @Column({ type: 'uuid' }) project_id: string;
  @Column({ type: 'text', nullable: true }) branch_name: string | null;
  @Column({ type: 'text' }) commit_id: string;
  @Column({ type: 'uuid' }) user_id: string;
  @Column({ type: 'text' }) format: 'mp4' | 'webm';
  @Column({ type: 'integer', nullable: true }) width: number | null;
  @Column({ type: 'integer', nullable: true }) height: number | null;
  @Column({ type: 'text', nullable: true }) rate: string | null;
  @Index() @Column({ type: 'uuid' }) task_id: string;
  @Column({ type: 'text', default: 'pending' }) status: 'pending' | 'succeeded' | 'failed';
  @Column({ type: 'uuid', nullable: true }) asset_id: string | null;
  @Column({ type: 'text', nullable: true }) url: string | null;
  @Column({ type: 'double precision', nullable: true }) duration_seconds: number | null;
  @Column({ type: 'bigint', nullable: true }) size: number | null;
  @Column({ type: 'text', array: true, default: '{}' }) losses: string[];
  @Column({ type: 'jsonb', default: [] }) loss_report: Loss[];
  @Column({ type: 'boolean', default: false }) is_published: boolean;
  @Column({ type: 'text', nullable: true }) error: string | null;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) created_at: Date;
}
