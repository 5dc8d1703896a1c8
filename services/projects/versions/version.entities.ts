import { Check, Column, Entity, Generated, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

const moment = { type: 'timestamptz', precision: 3 } as const;

@Entity('commits')
@Check('commits_id_check', "id ~ '^[0-9a-f]{64}$'")
export class CommitEntity {
  @PrimaryGeneratedColumn('increment', { type: 'bigint' }) seq: string;
  @Column({ type: 'text', unique: true }) id: string;
  @Index() @Column({ type: 'bigint', nullable: true }) parent_seq: string | null;
  @Index() @Column({ type: 'bigint' }) tree_seq: string;
  @Index() @Column({ type: 'uuid', nullable: true }) author_id: string | null;
  @Column({ type: 'uuid', nullable: true }) foreign_author: string | null;
  @Column({ type: 'text', nullable: true }) foreign_author_name: string | null;
  @Column({ type: 'text' }) message: string;
  @Column({ type: 'integer' }) generation: number;
  @Column({ type: 'integer' }) asset_count: number;
  @Column(moment) created_at: Date;
}

@Entity('further_parents')
@Check('further_parents_ord_check', 'ord > 0')
export class FurtherParentEntity {
  @PrimaryColumn({ type: 'bigint' }) commit_seq: string;
  @PrimaryColumn({ type: 'smallint' }) ord: number;
  @Index() @Column({ type: 'bigint' }) parent_seq: string;
}

@Entity('project_commits')
export class ProjectCommitEntity {
  @PrimaryColumn({ type: 'bigint' }) commit_seq: string;
  @Index() @PrimaryColumn({ type: 'uuid' }) project_id: string;
}

@Entity('commit_bringers')
export class CommitBringerEntity {
  @PrimaryColumn({ type: 'bigint' }) commit_seq: string;
  @Index() @PrimaryColumn({ type: 'uuid' }) user_id: string;
}

@Entity('branches')
@Unique(['project_id', 'name'])
export class BranchEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Column({ type: 'uuid' }) project_id: string;
  @Column({ type: 'text' }) name: string;
  @Index() @Column({ type: 'text', nullable: true }) head_commit_id: string | null;
  @Index() @Column({ type: 'uuid', nullable: true }) creator_id: string | null;
  @Column({ type: 'text', nullable: true }) description: string | null;
  @Column({ type: 'text', array: true, nullable: true }) tags: string[] | null;
  @Index() @Column({ type: 'uuid', nullable: true }) parent_branch_id: string | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}

@Entity('workspaces')
@Check(
  'workspaces_kept_check',
  '(document is null) = (commit_id is not null) and (commit_id is null) = (noise is null)',
)
@Index('workspaces_asset_ids_idx', { synchronize: false })
export class WorkspaceEntity {
  @PrimaryColumn({ type: 'uuid' }) branch_id: string;
  @Column({ type: 'json', nullable: true }) document: Record<string, unknown> | null;
  @Index() @Column({ type: 'text', nullable: true }) commit_id: string | null;
  @Column({ type: 'json', nullable: true }) noise: Record<string, unknown> | null;
  @Column({ type: 'integer', default: 1 }) revision: number;
  @Column({ type: 'boolean' }) uncommitted: boolean;
  @Index() @Column({ type: 'uuid', nullable: true }) saved_by: string | null;
  @Column({ ...moment, default: () => 'now()' }) saved_at: Date;
  /** The media that it names by links. */
  @Column({ type: 'text', array: true, default: '{}' }) asset_ids: string[];
  /** The revision whose media these are. */
  @Column({ type: 'integer', nullable: true }) asset_ids_of: number | null;
}

@Entity('workspace_revisions')
@Check(
  'workspace_revisions_kept_check',
  '(body is null) = (commit_id is not null) and (commit_id is null) = (noise is null)',
)
export class WorkspaceRevisionEntity {
  @PrimaryColumn({ type: 'uuid' }) branch_id: string;
  @PrimaryColumn({ type: 'integer' }) revision: number;
  @Column({ type: 'bytea', nullable: true }) body: Buffer | null;
  @Index() @Column({ type: 'text', nullable: true }) commit_id: string | null;
  @Column({ type: 'json', nullable: true }) noise: Record<string, unknown> | null;
  @Index() @Column({ type: 'uuid', nullable: true }) saved_by: string | null;
  @Column(moment) saved_at: Date;
}
