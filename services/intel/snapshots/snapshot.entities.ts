import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { Manifest } from '#libs/snapshot/documents';

const moment = { type: 'timestamptz', precision: 3 } as const;
const made = { ...moment, default: () => 'now()' };

@Entity('snapshot_builds')
@Check('snapshot_builds_state_check', "state in ('running', 'published', 'unchanged', 'failed')")
export class SnapshotBuildEntity {
  @PrimaryColumn({ type: 'integer' }) version: number;
  @Column({ type: 'text' }) state: 'running' | 'published' | 'unchanged' | 'failed';
  @Column({ type: 'json', nullable: true }) manifest: Manifest | null;
  @Column({ type: 'json', nullable: true }) figures: Record<string, unknown> | null;
  @Column({ type: 'text', nullable: true }) error: string | null;
  @Column(made) started_at: Date;
  @Column({ ...moment, nullable: true }) finished_at: Date | null;
}

@Entity('snapshot_steps')
export class SnapshotStepEntity {
  @PrimaryColumn({ type: 'text' }) kind: string;
  @PrimaryColumn({ type: 'integer' }) version: number;
  @Column({ type: 'text' }) sha256: string;
  @Column({ type: 'bytea', nullable: true }) undo: Buffer | null;
  @Column({ type: 'integer', nullable: true }) since: number | null;
  @Column(moment) at: Date;
}

@Entity('snapshot_files')
export class SnapshotFileEntity {
  @PrimaryColumn({ type: 'text' }) path: string;
  @Column({ type: 'text' }) sha256: string;
  @Column({ type: 'bigint' }) bytes: number;
  @Column({ type: 'text' }) type: string;
  @Column({ type: 'boolean' }) forever: boolean;
  @Column({ type: 'integer' }) version: number;
  @Column(made) written_at: Date;
  @Column({ ...moment, nullable: true }) until: Date | null;
}
