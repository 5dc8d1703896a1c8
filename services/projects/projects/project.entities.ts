import { Check, Column, Entity, Generated, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

const moment = { type: 'timestamptz', precision: 3 } as const;

@Entity('projects')
@Check('projects_likes_count_check', 'likes_count >= 0')
export class ProjectEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Column({ type: 'uuid' }) owner_id: string;
  /** The team that owns the project; then `owner_id` is who brought it, and owns nothing by that. */
  @Index() @Column({ type: 'uuid', nullable: true }) team_id: string | null;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text', nullable: true }) description: string | null;
  @Column({ type: 'text', array: true, nullable: true }) tags: string[] | null;
  @Column({ type: 'boolean', default: false }) is_public: boolean;
  @Index() @Column({ type: 'uuid', nullable: true }) parent_project_id: string | null;
  @Column({ type: 'json', nullable: true }) workspace_data: Record<string, unknown> | null;
  @Column({ type: 'integer', default: 0 }) likes_count: number;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}

@Entity('members')
@Check('members_role_check', `role in ('maintainer', 'contributor', 'viewer')`)
export class MemberEntity {
  @PrimaryColumn({ type: 'uuid' }) project_id: string;
  @Index() @PrimaryColumn({ type: 'uuid' }) user_id: string;
  @Column({ type: 'text' }) role: 'maintainer' | 'contributor' | 'viewer';
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}

@Entity('likes')
export class LikeEntity {
  @PrimaryColumn({ type: 'uuid' }) user_id: string;
  @Index() @PrimaryColumn({ type: 'uuid' }) project_id: string;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}
