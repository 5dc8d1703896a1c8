import { Check, Column, Entity, Generated, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { MemberRole } from '#libs/contracts/projects-members';

const moment = { type: 'timestamptz', precision: 3 } as const;

@Entity('invitations')
@Check('invitations_role_check', `role in ('owner', 'maintainer', 'contributor', 'viewer')`)
@Check('invitations_outcome_check', `outcome in ('accepted', 'declined', 'revoked')`)
@Check('invitations_target_check', '(project_id is null) <> (team_id is null)')
@Check(
  'invitations_addressee_check',
  '(user_id is null) = (email is not null) and (user_id is null) = (token_hash is not null)',
)
@Check('invitations_owner_check', `team_id is not null or role <> 'owner'`)
@Check('invitations_answer_check', '(outcome is null) = (answered_at is null)')
export class InvitationEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Index() @Column({ type: 'uuid', nullable: true }) project_id: string | null;
  @Index() @Column({ type: 'uuid', nullable: true }) team_id: string | null;
  @Index() @Column({ type: 'uuid', nullable: true }) user_id: string | null;
  @Column({ type: 'text', nullable: true }) email: string | null;
  @Column({ type: 'bytea', nullable: true, unique: true }) token_hash: Buffer | null;
  @Column({ type: 'text' }) role: MemberRole;
  @Index() @Column({ type: 'uuid', nullable: true }) invited_by: string | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
  @Column(moment) expires_at: Date;
  @Column({ type: 'text', nullable: true }) outcome: 'accepted' | 'declined' | 'revoked' | null;
  @Column({ ...moment, nullable: true }) answered_at: Date | null;
  @Index() @Column({ type: 'uuid', nullable: true }) answered_by: string | null;
}
