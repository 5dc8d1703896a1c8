import { Check, Column, Entity, Generated, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

const moment = { type: 'timestamptz', precision: 3 } as const;
const now = { ...moment, default: () => 'now()' };

@Entity('merge_request_heads')
export class MergeRequestHeadEntity {
  @PrimaryGeneratedColumn('increment', { type: 'bigint' }) seq: string;
  @Column({ type: 'uuid' }) merge_request_id: string;
  @Index() @Column({ type: 'text' }) commit_id: string;
  @Index() @Column({ type: 'uuid', nullable: true }) actor_id: string | null;
  @Column(now) created_at: Date;
}

@Entity('merge_request_reviewers')
export class MergeRequestReviewerEntity {
  @PrimaryColumn({ type: 'uuid' }) merge_request_id: string;
  @Index() @PrimaryColumn({ type: 'uuid' }) user_id: string;
  @Index() @Column({ type: 'uuid', nullable: true }) asked_by: string | null;
  @Column(now) created_at: Date;
}

@Entity('merge_request_reviews')
@Check('merge_request_reviews_verdict_check', `verdict in ('approved', 'changes_requested', 'commented')`)
@Unique(['merge_request_id', 'origin_id'])
export class MergeRequestReviewEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Column({ type: 'uuid' }) merge_request_id: string;
  @Index() @Column({ type: 'uuid', nullable: true }) user_id: string | null;
  @Column({ type: 'text' }) verdict: 'approved' | 'changes_requested' | 'commented';
  @Column({ type: 'text', nullable: true }) body: string | null;
  @Column({ type: 'text', nullable: true }) head_commit_id: string | null;
  @Column({ type: 'text' }) resolutions_hash: string;
  @Column({ type: 'text', nullable: true }) result_tree: string | null;
  @Index() @Column({ type: 'uuid', nullable: true }) dismissed_by: string | null;
  @Column({ ...moment, nullable: true }) dismissed_at: Date | null;
  @Column({ type: 'text', nullable: true }) dismissal_reason: string | null;
  @Column(now) created_at: Date;
  @Column({ type: 'uuid', nullable: true }) origin_id: string | null;
  @Column({ type: 'uuid', nullable: true }) foreign_author: string | null;
  @Column({ type: 'text', nullable: true }) foreign_author_name: string | null;
  @Column({ type: 'json', nullable: true }) told: Record<string, unknown> | null;
}

@Entity('merge_request_threads')
@Unique(['merge_request_id', 'origin_id'])
export class MergeRequestThreadEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Column({ type: 'uuid' }) merge_request_id: string;
  @Column({ type: 'json', nullable: true }) anchor: Record<string, unknown> | null;
  @Index() @Column({ type: 'uuid', nullable: true }) created_by: string | null;
  @Column(now) created_at: Date;
  @Index() @Column({ type: 'uuid', nullable: true }) resolved_by: string | null;
  @Column({ ...moment, nullable: true }) resolved_at: Date | null;
  @Column({ type: 'uuid', nullable: true }) origin_id: string | null;
  @Column({ type: 'uuid', nullable: true }) foreign_author: string | null;
  @Column({ type: 'text', nullable: true }) foreign_author_name: string | null;
  @Column({ type: 'json', nullable: true }) told: Record<string, unknown> | null;
}

@Entity('merge_request_comments')
@Unique(['thread_id', 'origin_id'])
export class MergeRequestCommentEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Column({ type: 'uuid' }) thread_id: string;
  @Index() @Column({ type: 'uuid', nullable: true }) author_id: string | null;
  @Column({ type: 'text' }) body: string;
  @Column({ type: 'json', nullable: true }) suggestion: Record<string, unknown> | null;
  @Column({ type: 'text', nullable: true }) applied_commit_id: string | null;
  @Column(now) created_at: Date;
  @Column({ ...moment, nullable: true }) edited_at: Date | null;
  @Column({ ...moment, nullable: true }) deleted_at: Date | null;
  @Column({ type: 'uuid', nullable: true }) origin_id: string | null;
  @Column({ type: 'uuid', nullable: true }) foreign_author: string | null;
  @Column({ type: 'text', nullable: true }) foreign_author_name: string | null;
  @Column({ type: 'json', nullable: true }) told: Record<string, unknown> | null;
}

@Entity('merge_resolutions')
@Check(
  'merge_resolutions_take_check',
  `take in ('ours', 'theirs', 'base', 'value', 'restore', 'drop_use', 'nearest_gap')`,
)
export class MergeResolutionEntity {
  @PrimaryColumn({ type: 'uuid' }) merge_request_id: string;
  @PrimaryColumn({ type: 'text' }) conflict_id: string;
  @Column({ type: 'text' }) take: string;
  @Column({ type: 'json', nullable: true }) value: unknown;
  @Index() @Column({ type: 'uuid', nullable: true }) decided_by: string | null;
  @Column(now) decided_at: Date;
  @Column({ type: 'json', nullable: true }) told: Record<string, unknown> | null;
  @Column({ type: 'uuid', nullable: true }) foreign_author: string | null;
  @Column({ type: 'text', nullable: true }) foreign_author_name: string | null;
}
