import { Check, Column, Entity, Generated, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { RefMove } from '#libs/contracts/projects-events';
import type { PushRule } from '../access/permissions.js';

const moment = { type: 'timestamptz', precision: 3 } as const;

@Entity('ref_moves')
export class RefMoveEntity {
  @PrimaryColumn({ type: 'uuid' }) project_id: string;
  @PrimaryGeneratedColumn('increment', { type: 'bigint' }) seq: string;
  @Index() @Column({ type: 'uuid' }) branch_id: string;
  @Column({ type: 'text' }) branch_name: string;
  @Column({ type: 'text' }) move: RefMove;
  @Column({ type: 'bytea', nullable: true }) before: Buffer | null;
  @Column({ type: 'bytea', nullable: true }) after: Buffer | null;
  @Index() @Column({ type: 'uuid', nullable: true }) actor_id: string | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}

@Entity('branch_rules')
@Check('branch_rules_push_check', `push in ('anyone', 'maintainers', 'owner', 'nobody')`)
@Check('branch_rules_required_approvals_check', 'required_approvals between 0 and 20')
@Check('branch_rules_approvals_check', `required_approvals = 0 or push = 'nobody'`)
export class BranchRuleEntity {
  @PrimaryColumn({ type: 'uuid' }) branch_id: string;
  @Column({ type: 'text' }) push: PushRule;
  @Column({ type: 'smallint' }) required_approvals: number;
  @Column({ type: 'boolean' }) resolved_threads: boolean;
  @Column({ type: 'boolean' }) allow_deletion: boolean;
  @Column({ type: 'boolean' }) allow_force: boolean;
  @Index() @Column({ type: 'uuid', nullable: true }) set_by: string | null;
  @Column({ ...moment, default: () => 'now()' }) set_at: Date;
}

@Entity('tags')
@Unique(['project_id', 'name'])
export class TagEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Column({ type: 'uuid' }) project_id: string;
  @Column({ type: 'text' }) name: string;
  @Index() @Column({ type: 'text' }) commit_id: string;
  @Column({ type: 'text', nullable: true }) message: string | null;
  @Index() @Column({ type: 'uuid', nullable: true }) tagger_id: string | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}

@Entity('releases')
export class ReleaseEntity {
  @PrimaryColumn({ type: 'uuid' }) tag_id: string;
  @Column({ type: 'text' }) title: string;
  @Column({ type: 'text' }) notes: string;
  @Column({ type: 'boolean' }) is_prerelease: boolean;
  @Index() @Column({ type: 'uuid', nullable: true }) author_id: string | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
  @Column({ ...moment, default: () => 'now()' }) updated_at: Date;
}
