import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { AccessScope, PlatformRole } from '#libs/contracts/caller';

const moment = { type: 'timestamptz', precision: 3 } as const;

@Entity('users')
@Check('users_role_check', `role in ('user', 'moderator', 'admin')`)
export class UserEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'text', unique: true }) email: string;
  @Column({ type: 'text', nullable: true }) full_name: string | null;
  @Column({ type: 'text' }) password_hash: string;
  @Column({ type: 'boolean', default: true }) is_active: boolean;
  @Column({ type: 'text', default: 'user' }) role: PlatformRole;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}

@Entity('sessions')
export class SessionEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Index() @Column({ type: 'uuid' }) user_id: string;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
  @Column({ ...moment, nullable: true }) ended_at: Date | null;
}

@Entity('personal_tokens')
@Check('personal_tokens_scope_check', `scope in ('read', 'write', 'admin')`)
export class PersonalTokenEntity {
  @PrimaryColumn({ type: 'uuid' }) session_id: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text' }) scope: AccessScope;
  @Column(moment) expires_at: Date;
  @Column({ ...moment, nullable: true }) last_used_at: Date | null;
}

@Entity('refresh_tokens')
export class RefreshTokenEntity {
  @PrimaryColumn({ type: 'bytea' }) token_hash: Buffer;
  @Index() @Column({ type: 'uuid' }) session_id: string;
  @Column(moment) expires_at: Date;
  @Column({ ...moment, nullable: true }) used_at: Date | null;
}
