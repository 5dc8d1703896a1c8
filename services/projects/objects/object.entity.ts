import { Check, Column, Entity, Exclusion, PrimaryGeneratedColumn } from 'typeorm';

@Entity('objects')
@Check('objects_sha256_check', 'length(sha256) = 32')
@Exclusion('objects_sha256_excl', 'using hash (sha256 with =)')
export class ObjectEntity {
  @PrimaryGeneratedColumn('increment', { type: 'bigint' }) seq: string;
  @Column({ type: 'bigint', nullable: true }) base: string | null;
  @Column({ type: 'date', default: () => 'now()' }) touched_at: string;
  @Column({ type: 'smallint' }) depth: number;
  @Column({ type: 'bytea' }) sha256: Buffer;
  @Column({ type: 'bytea' }) body: Buffer;
}
