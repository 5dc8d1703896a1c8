import { Check, Column, Entity, Generated, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

const moment = { type: 'timestamptz', precision: 3 } as const;

@Entity('merge_requests')
@Check('merge_requests_status_check', `status in ('open', 'merged', 'closed')`)
@Check('merge_requests_check', 'source_branch_id <> target_branch_id')
@Check('merge_requests_merge_method_check', `merge_method in ('merge', 'squash', 'fast_forward')`)
@Unique(['project_id', 'origin_id'])
export class MergeRequestEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Column({ type: 'uuid' }) project_id: string;
  @Index() @Column({ type: 'uuid', nullable: true }) creator_id: string | null;
  @Index() @Column({ type: 'uuid', nullable: true }) source_project_id: string | null;
  @Index() @Column({ type: 'uuid', nullable: true }) source_branch_id: string | null;
  @Index() @Column({ type: 'uuid', nullable: true }) target_branch_id: string | null;
  @Column({ type: 'text' }) source_branch_name: string;
  @Column({ type: 'text' }) target_branch_name: string;
  @Column({ type: 'text', nullable: true }) title: string | null;
  @Column({ type: 'text', nullable: true }) description: string | null;
  @Column({ type: 'text', array: true, nullable: true }) clip_ids: string[] | null;
  @Column({ type: 'text', array: true, nullable: true }) merged_clip_ids: string[] | null;
  @Column({ type: 'text', default: 'open' }) status: 'open' | 'merged' | 'closed';
  @Column({ type: 'boolean', default: false }) is_draft: boolean;
  @Index() @Column({ type: 'uuid', nullable: true }) merged_by: string | null;
  @Column({ ...moment, nullable: true }) merged_at: Date | null;
  @Index() @Column({ type: 'text', nullable: true }) merge_commit_id: string | null;
  @Column({ type: 'text', nullable: true }) merge_method: 'merge' | 'squash' | 'fast_forward' | null;
  @Index() @Column({ type: 'uuid', nullable: true }) closed_by: string | null;
  @Column({ ...moment, nullable: true }) closed_at: Date | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
  @Column({ ...moment, default: () => 'now()' }) updated_at: Date;
  @Column({ type: 'uuid', nullable: true }) origin_id: string | null;
  @Column({ type: 'uuid', nullable: true }) foreign_author: string | null;
  @Column({ type: 'text', nullable: true }) foreign_author_name: string | null;
  @Column({ type: 'json', nullable: true }) told: Record<string, unknown> | null;
}
