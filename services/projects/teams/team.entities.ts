import { Check, Column, Entity, Generated, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { MemberRole } from '#libs/contracts/projects-members';

const moment = { type: 'timestamptz', precision: 3 } as const;

@Entity('teams')
export class TeamEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Column({ type: 'text' }) name: string;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}

@Entity('team_members')
@Check('team_members_role_check', `role in ('owner', 'maintainer', 'contributor', 'viewer')`)
export class TeamMemberEntity {
  @PrimaryColumn({ type: 'uuid' }) team_id: string;
  @Index() @PrimaryColumn({ type: 'uuid' }) user_id: string;
  @Column({ type: 'text' }) role: MemberRole;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}
