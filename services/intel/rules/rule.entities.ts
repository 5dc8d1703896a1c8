import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { Signature } from '#libs/snapshot/documents';

const moment = { type: 'timestamptz', precision: 3 } as const;
const made = { ...moment, default: () => 'now()' };

@Entity('signing_keys')
@Check('signing_keys_role_check', "role in ('root', 'rules', 'manifest', 'pointer', 'feed')")
export class SigningKeyEntity {
  @PrimaryColumn({ type: 'text' }) id: string;
  @Column({ type: 'text' }) role: string;
  @Column({ type: 'text' }) public_key: string;
  @Column({ type: 'text', nullable: true }) sealed_key: string | null;
  @Column({ ...moment, nullable: true }) retired_at: Date | null;
  @Column(made) created_at: Date;
}

@Entity('roots')
export class RootEntity {
  @PrimaryColumn({ type: 'integer' }) version: number;
  @Column({ type: 'json' }) body: unknown;
  @Column(made) created_at: Date;
}

@Entity('rule_records')
export class RuleRecordEntity {
  @PrimaryColumn({ type: 'text' }) site: string;
  @PrimaryColumn({ type: 'integer' }) version: number;
  @Column({ type: 'json' }) body: unknown;
  @Column({ type: 'text' }) checksum: string;
  @Column({ type: 'json', default: '[]' }) fixtures: unknown;
  @Column({ type: 'uuid', nullable: true }) created_by: string | null;
  @Column(made) created_at: Date;
}

@Entity('rule_packages')
@Check('rule_packages_reason_check', "reason in ('publish', 'rollback')")
@Check('rule_packages_state_check', "state in ('canary', 'live', 'withdrawn')")
export class RulePackageEntity {
  @PrimaryColumn({ type: 'integer' }) version: number;
  @Column({ type: 'json' }) entries: Record<string, number>;
  @Column({ type: 'text' }) reason: 'publish' | 'rollback';
  @Column({ type: 'text', nullable: true }) note: string | null;
  @Column({ type: 'text' }) state: 'canary' | 'live' | 'withdrawn';
  @Column({ type: 'real', default: 1 }) canary_share: number;
  @Column({ type: 'text' }) body: string;
  @Column({ type: 'text' }) checksum: string;
  @Column({ type: 'json' }) signatures: Signature[];
  @Column({ type: 'uuid', nullable: true }) published_by: string | null;
  @Column(made) published_at: Date;
}

@Entity('rule_drafts')
@Index(['state', 'created_at', 'id'])
@Check('rule_drafts_state_check', "state in ('open', 'published', 'withdrawn')")
export class RuleDraftEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'text' }) site: string;
  @Column({ type: 'json' }) body: unknown;
  @Column({ type: 'json', default: '[]' }) fixtures: unknown;
  @Column({ type: 'json', nullable: true }) report: unknown;
  @Column({ type: 'text', default: 'open' }) state: 'open' | 'published' | 'withdrawn';
  @Column({ type: 'uuid' }) created_by: string;
  @Column(made) created_at: Date;
  @Column(made) updated_at: Date;
}
