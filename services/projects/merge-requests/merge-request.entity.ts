import { Check, Column, Entity, Generated, Index, PrimaryGeneratedColumn } from 'typeorm';

const moment = { type: 'timestamptz', precision: 3 } as const;

@Entity('merge_requests')
@Check('merge_requests_status_check', `status in ('open', 'merged', 'closed')`)
@Check('merge_requests_check', 'source_branch_id <> target_branch_id')
export class MergeRequestEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Column({ type: 'uuid' }) project_id: string;
  @Index() @Column({ type: 'uuid', nullable: true }) creator_id: string | null;
  @Index() @Column({ type: 'uuid' }) source_branch_id: string;
  @Index() @Column({ type: 'uuid' }) target_branch_id: string;
  @Column({ type: 'text', nullable: true }) title: string | null;
  @Column({ type: 'text', nullable: true }) description: string | null;
  @Column({ type: 'text', array: true, nullable: true }) clip_ids: string[] | null;
  @Column({ type: 'text', array: true, nullable: true }) merged_clip_ids: string[] | null;
  @Column({ type: 'text', default: 'open' }) status: 'open' | 'merged' | 'closed';
  @Index() @Column({ type: 'uuid', nullable: true }) merged_by: string | null;
  @Column({ ...moment, nullable: true }) merged_at: Date | null;
  @Index() @Column({ type: 'text', nullable: true }) merge_commit_id: string | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}
