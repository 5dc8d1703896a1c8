import { Check, Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('audit_entries')
@Check('audit_entries_about_check', 'project_id is not null or team_id is not null or user_id is not null')
export class AuditEntryEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id: string;
  @Column({ type: 'uuid', nullable: true }) project_id: string | null;
  @Column({ type: 'uuid', nullable: true }) team_id: string | null;
  @Column({ type: 'uuid', nullable: true }) user_id: string | null;
  @Column({ type: 'uuid', nullable: true }) actor_id: string | null;
  @Column({ type: 'text' }) action: string;
  @Column({ type: 'jsonb' }) subject: Record<string, unknown>;
  @Column({ type: 'text' }) request_id: string;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) created_at: Date;
}
