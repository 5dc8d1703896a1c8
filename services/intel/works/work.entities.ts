import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { WorkType } from '#libs/contracts/intel';

const moment = { type: 'timestamptz', precision: 3 } as const;
const made = { ...moment, default: () => 'now()' };
const KINDS = "kind in ('main', 'official', 'synonym', 'short', 'release', 'user')";
type Kind = 'main' | 'official' | 'synonym' | 'short' | 'release' | 'user';

@Entity('works')
@Check('works_release_key_check', "release_key ~ '^[a-z0-9]+(-[a-z0-9]+)*-[0-9]{4}-[a-z]+$'")
@Check('works_type_check', "type in ('movie', 'tv', 'anime', 'music', 'short_drama', 'ebook', 'audiobook', 'comic')")
@Check('works_retired_check', "retired in ('merged', 'split')")
@Check('works_merged_into_check', "(retired is not distinct from 'merged') = (merged_into is not null)")
@Check('works_check', 'merged_into <> id and split_from <> id')
export class WorkEntity {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' }) id: number;
  @Column({ type: 'text', unique: true }) release_key: string;
  @Column({ type: 'text' }) title: string;
  @Column({ type: 'text', nullable: true }) original_title: string | null;
  @Column({ type: 'integer', nullable: true }) year: number | null;
  @Column({ type: 'text' }) type: WorkType;
  @Column({ type: 'integer', nullable: true }) season: number | null;
  @Index() @Column({ type: 'text', nullable: true }) root_key: string | null;
  @Column({ type: 'real', default: 0 }) popularity: number;
  @Column({ type: 'text' }) source: string;
  @Column({ type: 'text', nullable: true, unique: true }) source_ref: string | null;
  @Column({ type: 'text', nullable: true }) retired: 'merged' | 'split' | null;
  @Column({ type: 'text', nullable: true }) retired_by: string | null;
  @Index() @Column({ type: 'bigint', nullable: true }) merged_into: number | null;
  @Index() @Column({ type: 'bigint', nullable: true }) split_from: number | null;
  @Column(made) created_at: Date;
  @Column(made) updated_at: Date;
}

@Entity('work_ids')
@Index(['provider', 'value'])
@Check('work_ids_taken_by_hand_check', 'withdrawn_at IS NOT NULL OR NOT taken_by_hand')
export class WorkIdEntity {
  @PrimaryColumn({ type: 'bigint' }) work_id: number;
  @PrimaryColumn({ type: 'text' }) provider: string;
  @PrimaryColumn({ type: 'text' }) value: string;
  @Column({ ...moment, nullable: true }) withdrawn_at: Date | null;
  @Column({ type: 'boolean', default: false }) taken_by_hand: boolean;
}

@Entity('aliases')
@Unique(['work_id', 'name'])
@Index(['name_key'])
@Check('aliases_kind_check', KINDS)
export class AliasEntity {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' }) id: number;
  @Column({ type: 'bigint' }) work_id: number;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text', nullable: true }) name_key: string | null;
  @Column({ type: 'smallint', default: 0 }) key_version: number;
  @Column({ type: 'text', nullable: true }) language: string | null;
  @Column({ type: 'text', nullable: true }) script: string | null;
  @Column({ type: 'text' }) kind: Kind;
  @Column({ type: 'text' }) source: string;
  @Column({ type: 'text', nullable: true }) licence: string | null;
  @Column({ type: 'real', default: 1 }) weight: number;
  @Column(made) first_seen: Date;
  @Column(made) last_seen: Date;
  @Column({ ...moment, nullable: true }) withdrawn_at: Date | null;
}

@Entity('alias_tellers')
export class AliasTellerEntity {
  @PrimaryColumn({ type: 'bigint' }) alias_id: number;
  @Index() @PrimaryColumn({ type: 'text' }) source: string;
  @Column({ type: 'real' }) weight: number;
  @Column({ type: 'text', nullable: true }) licence: string | null;
}

@Entity('changes')
@Index(['kind', 'seq'])
export class ChangeEntity {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' }) seq: number;
  @Column({ type: 'text' }) kind: string;
  @Column({ type: 'text' }) key: string;
  @Column({ type: 'json' }) body: unknown;
  @Column(made) at: Date;
}

@Entity('contributors')
@Check('contributors_role_check', "role in ('contributor', 'publisher', 'admin')")
export class ContributorEntity {
  @PrimaryColumn({ type: 'uuid' }) user_id: string;
  @Column({ type: 'text', default: 'contributor' }) role: 'contributor' | 'publisher' | 'admin';
  @Column({ type: 'real', default: () => '0.5' }) trust: number;
  @Column({ type: 'integer', default: 0 }) approved: number;
  @Column({ type: 'integer', default: 0 }) rejected: number;
  @Column(made) created_at: Date;
}

@Entity('submissions')
@Check('submissions_status_check', "status in ('pending', 'approved', 'rejected')")
@Check('submissions_kind_check', KINDS)
@Index(['status', 'created_at', 'id'])
export class SubmissionEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Index() @Column({ type: 'uuid' }) user_id: string;
  @Column({ type: 'bigint' }) work_id: number;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text', nullable: true }) language: string | null;
  @Column({ type: 'text' }) kind: Kind;
  @Column({ type: 'text', nullable: true }) evidence: string | null;
  @Column({ type: 'text', nullable: true }) licence: string | null;
  @Column({ type: 'text', default: 'pending' }) status: 'pending' | 'approved' | 'rejected';
  @Column({ type: 'uuid', nullable: true }) decided_by: string | null;
  @Column({ ...moment, nullable: true }) decided_at: Date | null;
  @Column({ type: 'text', nullable: true }) reason: string | null;
  @Column({ type: 'boolean', default: false }) by_votes: boolean;
  @Column(made) created_at: Date;
}

@Entity('submission_votes')
export class SubmissionVoteEntity {
  @PrimaryColumn({ type: 'uuid' }) submission_id: string;
  @PrimaryColumn({ type: 'uuid' }) user_id: string;
  @Column({ type: 'boolean' }) approves: boolean;
  @Column({ type: 'real' }) weight: number;
}

@Entity('client_tokens')
export class ClientTokenEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Index() @Column({ type: 'uuid' }) user_id: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'bytea', unique: true }) token_hash: Buffer;
  @Column(made) created_at: Date;
  @Column({ ...moment, nullable: true }) revoked_at: Date | null;
}

@Entity('imports')
@Check('imports_state_check', "state in ('waiting', 'running', 'done', 'failed')")
export class ImportEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'uuid' }) user_id: string;
  @Column({ type: 'text' }) source: string;
  @Column({ type: 'text', default: 'waiting' }) state: 'waiting' | 'running' | 'done' | 'failed';
  @Column({ type: 'integer', default: 0 }) lines: number;
  @Column({ type: 'integer', default: 0 }) added: number;
  @Column({ type: 'integer', default: 0 }) changed: number;
  @Column({ type: 'json', default: '[]' }) refused: { line: number; reason: string }[];
  @Column({ type: 'bigint', default: 0 }) bytes: number;
  @Column({ type: 'bigint', default: 0 }) bytes_read: number;
  @Column({ type: 'text', nullable: true }) error: string | null;
  @Column({ ...moment, default: () => "'-infinity'" }) claimed_until: Date;
  @Column(made) created_at: Date;
  @Column({ ...moment, nullable: true }) finished_at: Date | null;
}
