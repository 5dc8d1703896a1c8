import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('objects')
@Check('objects_sha256_check', 'length(sha256) = 32')
export class ObjectEntity {
  @PrimaryColumn({ type: 'bytea' }) sha256: Buffer;
  @Column({ type: 'bytea', nullable: true }) base: Buffer | null;
  @Column({ type: 'smallint' }) seq: number;
  @Column({ type: 'bytea' }) body: Buffer;
  @Column({ type: 'timestamptz', precision: 0, default: () => 'now()' }) touched_at: Date;
}
