import { Check, Column, Entity, Generated, Index, PrimaryGeneratedColumn } from 'typeorm';

const moment = { type: 'timestamptz', precision: 3 } as const;

@Entity('transfers')
@Check('transfers_kind_check', `kind in ('export', 'import')`)
@Check('transfers_status_check', `status in ('uploading', 'queued', 'done', 'refused', 'failed')`)
export class TransferEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Column({ type: 'text' }) kind: 'export' | 'import';
  @Column({ type: 'uuid' }) owner_id: string;
  @Index() @Column({ type: 'uuid', nullable: true }) project_id: string | null;
  @Column({ type: 'jsonb' }) wish: Record<string, unknown>;
  @Column({ type: 'text' }) object_key: string;
  @Column({ type: 'text', nullable: true }) upload_id: string | null;
  @Column({ type: 'bigint', nullable: true }) size: number | null;
  @Column({ type: 'text' }) status: 'uploading' | 'queued' | 'done' | 'refused' | 'failed';
  @Column({ ...moment, default: () => `'-infinity'` }) claimed_until: Date;
  @Column({ type: 'smallint', default: 0 }) attempts: number;
  @Column({ type: 'jsonb', nullable: true }) report: Record<string, unknown> | null;
  @Column({ type: 'text', nullable: true }) error: string | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
  @Column({ ...moment, nullable: true }) finished_at: Date | null;
  @Column(moment) expires_at: Date;
}
