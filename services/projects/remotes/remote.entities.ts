import { Check, Column, Entity, Generated, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

const moment = { type: 'timestamptz', precision: 3 } as const;

@Entity('cloud_accounts')
export class CloudAccountEntity {
  @PrimaryColumn({ type: 'uuid' }) user_id: string;
  @Column({ type: 'text' }) token: string;
  @Column({ type: 'uuid' }) cloud_user_id: string;
  @Column({ type: 'text' }) email: string;
  @Column({ type: 'text', nullable: true }) full_name: string | null;
  @Column({ ...moment, default: () => 'now()' }) connected_at: Date;
}

@Entity('remotes')
export class RemoteEntity {
  @PrimaryColumn({ type: 'uuid' }) project_id: string;
  @Column({ type: 'text' }) cloud_url: string;
  @Column({ type: 'uuid' }) cloud_project_id: string;
  @Index() @Column({ type: 'uuid', nullable: true }) linked_by: string | null;
  @Column({ ...moment, nullable: true }) pulled_at: Date | null;
  @Column({ ...moment, nullable: true }) pushed_at: Date | null;
  @Column({ type: 'text', nullable: true }) reviews_hash: string | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
}

@Entity('syncs')
@Check('syncs_kind_check', `kind in ('clone', 'pull', 'push')`)
@Check('syncs_status_check', `status in ('queued', 'done', 'refused', 'failed')`)
export class SyncEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Column({ type: 'text' }) kind: 'clone' | 'pull' | 'push';
  @Column({ type: 'uuid' }) owner_id: string;
  @Index() @Column({ type: 'uuid', nullable: true }) project_id: string | null;
  @Column({ type: 'jsonb' }) wish: Record<string, unknown>;
  @Column({ type: 'text', default: 'queued' }) status: 'queued' | 'done' | 'refused' | 'failed';
  @Column({ ...moment, default: () => `'-infinity'` }) claimed_until: Date;
  @Column({ type: 'smallint', default: 0 }) attempts: number;
  @Column({ type: 'text', nullable: true }) stage: string | null;
  @Column({ type: 'bigint', default: 0 }) done: string;
  @Column({ type: 'bigint', nullable: true }) total: string | null;
  @Column({ type: 'jsonb', default: () => `'{}'` }) state: SyncState;
  @Column({ type: 'jsonb', nullable: true }) report: Record<string, unknown> | null;
  @Column({ type: 'text', nullable: true }) error: string | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
  @Column({ ...moment, nullable: true }) finished_at: Date | null;
}

/** What an attempt leaves to the next: the cloud's transfer that takes our bundle in, and its open uploads of media by hash, and how many have arrived. */
export interface SyncState {
  cloud_transfer_id?: string;
  uploads?: Record<string, string>;
  media?: number;
}
