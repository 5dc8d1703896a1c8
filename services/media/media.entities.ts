import { Check, Column, Entity, Generated, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { MediaFacts } from '#libs/media/probe';

const moment = { type: 'timestamptz', precision: 3 } as const;

@Entity('blobs')
@Check('blobs_sha256_check', `sha256 ~ '^[0-9a-f]{64}$'`)
@Check('blobs_size_check', 'size >= 0')
export class BlobEntity {
  @PrimaryColumn({ type: 'text' }) sha256: string;
  @Column({ type: 'bigint' }) size: string;
  @Column({ type: 'text', unique: true }) key: string;
  @Column({ type: 'text' }) content_type: string;
  @Column({ type: 'jsonb', nullable: true }) facts: MediaFacts | null;
  @Column({ ...moment, nullable: true }) unused_since: Date | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}

@Entity('assets')
@Check('assets_state_check', `state in ('processing', 'ready', 'failed')`)
@Check('assets_size_check', 'size >= 0')
@Check('assets_check', `(state = 'ready') = (blob_sha256 is not null)`)
export class AssetEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Column({ type: 'uuid' }) owner_id: string;
  @Column({ type: 'uuid', nullable: true }) project_id: string | null;
  @Column({ type: 'text', nullable: true }) commit_id: string | null;
  @Column({ type: 'uuid', nullable: true }) upload_id: string | null;
  @Column({ type: 'text', nullable: true }) blob_sha256: string | null;
  @Column({ type: 'text' }) state: 'processing' | 'ready' | 'failed';
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text' }) object_name: string;
  @Column({ type: 'text' }) content_type: string;
  @Column({ type: 'bigint' }) size: string;
  @Column({ type: 'text', nullable: true }) licence: string | null;
  @Column({ type: 'jsonb', nullable: true }) provenance: Record<string, unknown> | null;
  @Column({ type: 'text', nullable: true }) vn_type: string | null;
  @Column({ type: 'text', nullable: true }) branch_name: string | null;
  @Column({ type: 'json', nullable: true }) metadata: unknown;
  @Column({ type: 'boolean', default: false }) is_public: boolean;
  @Column({ type: 'integer', default: 1 }) epoch: number;
  @Column({ type: 'integer', nullable: true }) shown_epoch: number | null;
  @Column({ type: 'text' }) link_key: string;
  @Column({ type: 'text', array: true, default: [] }) former_keys: string[];
  @Column({ type: 'text', nullable: true }) problem: string | null;
  @Column({ ...moment, nullable: true }) deleted_at: Date | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}

@Entity('asset_uses')
export class AssetUseEntity {
  @PrimaryColumn({ type: 'uuid' }) asset_id: string;
  @PrimaryColumn({ type: 'uuid' }) project_id: string;
  @Column({ type: 'boolean', nullable: true }) by_link: boolean | null;
}

@Entity('uploads')
@Check('uploads_state_check', `state in ('open', 'verifying', 'done', 'failed', 'aborted')`)
@Check('uploads_size_check', 'size >= 0')
@Check('uploads_sha256_check', `sha256 ~ '^[0-9a-f]{64}$'`)
@Unique(['owner_id', 'request_key'])
export class UploadEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'uuid' }) owner_id: string;
  @Column({ type: 'uuid', nullable: true }) project_id: string | null;
  @Column({ type: 'text', nullable: true }) commit_id: string | null;
  @Column({ type: 'text' }) state: 'open' | 'verifying' | 'done' | 'failed' | 'aborted';
  @Column({ type: 'text' }) filename: string;
  @Column({ type: 'text', unique: true }) object_name: string;
  @Column({ type: 'text' }) content_type: string;
  @Column({ type: 'bigint', nullable: true }) size: string | null;
  @Column({ type: 'text', nullable: true }) sha256: string | null;
  @Column({ type: 'text', nullable: true }) licence: string | null;
  @Column({ type: 'jsonb', nullable: true }) provenance: Record<string, unknown> | null;
  @Column({ type: 'text', nullable: true }) request_key: string | null;
  @Column({ type: 'text' }) quarantine_key: string;
  @Column({ type: 'integer', nullable: true }) part_size: number | null;
  @Column({ type: 'integer' }) part_count: number;
  @Column({ type: 'text', nullable: true }) store_upload_id: string | null;
  @Column({ type: 'text', nullable: true }) promoted_key: string | null;
  @Column({ type: 'text', nullable: true }) problem: string | null;
  @Column({ ...moment }) expires_at: Date;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}

@Entity('jobs')
@Check('jobs_kind_check', `kind in ('verify', 'derive')`)
@Check('jobs_state_check', `state in ('queued', 'running', 'done', 'failed')`)
@Unique(['kind', 'subject'])
export class JobEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'text' }) kind: 'verify' | 'derive';
  @Column({ type: 'text' }) subject: string;
  @Column({ type: 'text', default: 'queued' }) state: 'queued' | 'running' | 'done' | 'failed';
  @Column({ type: 'integer', default: 0 }) attempt: number;
  @Column({ ...moment, default: () => 'now()' }) run_after: Date;
  @Column({ ...moment, nullable: true }) claimed_until: Date | null;
  @Column({ type: 'text', nullable: true }) problem: string | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
  @Column({ ...moment, nullable: true }) finished_at: Date | null;
  @Column({ type: 'text', nullable: true }) request_id: string | null;
  @Column({ type: 'text', nullable: true }) trace_parent: string | null;
}

@Entity('renditions')
@Check('renditions_kind_check', `kind in ('poster', 'sprite', 'waveform', 'hls')`)
@Check('renditions_bytes_check', 'bytes >= 0')
export class RenditionEntity {
  @PrimaryColumn({ type: 'text' }) blob_sha256: string;
  @PrimaryColumn({ type: 'text' }) kind: 'poster' | 'sprite' | 'waveform' | 'hls';
  @Column({ type: 'text', unique: true }) prefix: string;
  @Column({ type: 'jsonb' }) content: Record<string, unknown>;
  @Column({ type: 'bigint' }) bytes: string;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}

@Entity('dead_objects')
export class DeadObjectEntity {
  @PrimaryColumn({ type: 'text' }) key: string;
  @Column({ ...moment, default: () => 'now()' }) not_before: Date;
}

@Entity('carried_links')
@Check('carried_links_sha256_check', `sha256 ~ '^[0-9a-f]{64}$'`)
@Check('carried_links_size_check', 'size >= 0')
export class CarriedLinkEntity {
  @PrimaryColumn({ type: 'uuid' }) project_id: string;
  @PrimaryColumn({ type: 'uuid' }) origin_asset_id: string;
  @PrimaryColumn({ type: 'text' }) link_key: string;
  @Column({ type: 'text' }) sha256: string;
  @Column({ type: 'bigint' }) size: string;
  @Column({ type: 'text' }) content_type: string;
  @Column({ type: 'text' }) name: string;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}
