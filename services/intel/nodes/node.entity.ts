import { Check, Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

const moment = { type: 'timestamptz', precision: 3 } as const;
const made = { ...moment, default: () => 'now()' };

@Entity('nodes')
@Check('nodes_tier_check', "tier in ('official', 'trusted', 'community')")
export class NodeEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'text', unique: true }) name: string;
  @Column({ type: 'text' }) url: string;
  @Column({ type: 'text' }) public_key: string;
  @Column({ type: 'text', default: 'community' }) tier: 'official' | 'trusted' | 'community';
  @Column({ type: 'boolean', default: true }) enabled: boolean;
  @Column({ type: 'bigint', default: 0 }) cursor: number;
  @Column({ ...moment, nullable: true }) cursor_at: Date | null;
  @Column({ type: 'integer', default: 0 }) failures: number;
  @Column({ type: 'text', nullable: true }) last_error: string | null;
  @Column({ ...moment, nullable: true }) last_pulled_at: Date | null;
  @Column(made) next_pull_at: Date;
  @Column(made) created_at: Date;
}
