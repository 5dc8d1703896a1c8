import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

const moment = { type: 'timestamptz', precision: 3 } as const;

@Entity('sites')
@Check('sites_id_check', "id ~ '^[a-z0-9][a-z0-9._-]{0,63}$'")
@Check('sites_visibility_check', "visibility in ('open', 'members')")
export class SiteEntity {
  @PrimaryColumn({ type: 'text' }) id: string;
  @Column({ type: 'text', nullable: true }) name: string | null;
  @Column({ type: 'text', nullable: true }) visibility: 'open' | 'members' | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}

@Entity('site_aliases')
export class SiteAliasEntity {
  @PrimaryColumn({ type: 'text' }) alias: string;
  @Index() @Column({ type: 'text' }) site: string;
}

@Entity('site_domains')
@Check('site_domains_domain_check', "domain ~ '^(\\*\\.)?[a-z0-9-]+(\\.[a-z0-9-]+)+$'")
export class SiteDomainEntity {
  @PrimaryColumn({ type: 'text' }) domain: string;
  @Index() @Column({ type: 'text' }) site: string;
}

@Entity('site_joins')
export class SiteJoinEntity {
  @PrimaryColumn({ type: 'uuid' }) user_id: string;
  @PrimaryColumn({ type: 'text' }) site: string;
  @Column({ ...moment, default: () => 'now()' }) joined_at: Date;
}

@Entity('accounts')
export class AccountEntity {
  @PrimaryColumn({ type: 'uuid' }) user_id: string;
  @Column({ type: 'boolean' }) is_active: boolean;
  @Column(moment) changed_at: Date;
}

@Entity('mesh_nodes')
export class MeshNodeEntity {
  @PrimaryColumn({ type: 'text' }) node_id: string;
  @Column({ type: 'boolean' }) is_revoked: boolean;
  @Column(moment) changed_at: Date;
}

@Entity('retractions')
export class RetractionEntity {
  @PrimaryColumn({ type: 'text' }) witness: string;
  @Column({ ...moment, default: () => 'now()' }) asked_at: Date;
}

@Entity('user_sites')
export class UserSiteEntity {
  @PrimaryColumn({ type: 'uuid' }) user_id: string;
  @PrimaryColumn({ type: 'text' }) site: string;
}

@Entity('sightings')
export class SightingEntity {
  @PrimaryColumn({ type: 'bigint' }) work_id: number;
  @PrimaryColumn({ type: 'text' }) site: string;
  @PrimaryColumn({ type: 'bytea' }) witness: Buffer;
  @Column({ type: 'real' }) trust: number;
  @Column({ type: 'smallint', nullable: true }) size_bucket: number | null;
  @Column({ type: 'integer', default: 1 }) seen: number;
  @Index() @Column(moment) last_seen: Date;
  @Column({ type: 'bytea', array: true, default: '{}' }) tellers: Buffer[];
}

@Entity('work_sites')
export class WorkSiteEntity {
  @PrimaryColumn({ type: 'bigint' }) work_id: number;
  @PrimaryColumn({ type: 'text' }) site: string;
  @Column({ type: 'integer' }) witnesses: number;
  @Column({ type: 'real' }) trust: number;
  @Column(moment) last_seen: Date;
  @Column({ ...moment, nullable: true }) gone_before: Date | null;
}

@Entity('feedback_votes')
export class FeedbackVoteEntity {
  @PrimaryColumn({ type: 'bigint' }) work_id: number;
  @PrimaryColumn({ type: 'text' }) subject: string;
  @PrimaryColumn({ type: 'bytea' }) voter: Buffer;
  @Column({ type: 'boolean' }) is_good: boolean;
  @Index() @Column({ ...moment, default: () => 'now()' }) voted_at: Date;
}

@Entity('secrets')
export class SecretEntity {
  @PrimaryColumn({ type: 'text' }) name: string;
  @Column({ type: 'text' }) sealed: string;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}
