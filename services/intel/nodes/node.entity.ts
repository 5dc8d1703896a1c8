import type { LimitMet } from '#libs/contracts/intel-nodes';
import { Check, Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

const moment = { type: 'timestamptz', precision: 3 } as const;
const measure = { type: 'integer', nullable: true } as const;
const count = { type: 'integer', default: 0 } as const;
const made = { ...moment, default: () => 'now()' };

@Entity('nodes')
@Check('nodes_tier_check', "tier in ('official', 'trusted', 'community')")
@Check('nodes_limit_met_check', "limit_met in ('works', 'works_a_day', 'names', 'names_a_day', 'changes_a_day')")
export class NodeEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'text', unique: true }) name: string;
  @Column({ type: 'text' }) url: string;
  @Column({ type: 'text' }) public_key: string;
  @Column({ type: 'text', default: 'community' }) tier: 'official' | 'trusted' | 'community';
  @Column({ type: 'boolean', default: true }) enabled: boolean;
  @Column({ type: 'bigint', default: 0 }) cursor: number;
  @Column({ ...moment, nullable: true }) cursor_at: Date | null;
  @Column(measure) most_works: number | null;
  @Column(measure) most_works_a_day: number | null;
  @Column(measure) most_names: number | null;
  @Column(measure) most_names_a_day: number | null;
  @Column(measure) most_changes_a_day: number | null;
  @Column(count) works: number;
  @Column(count) names: number;
  @Column(count) works_today: number;
  @Column(count) names_today: number;
  @Column(count) changes_today: number;
  @Column({ type: 'date', nullable: true }) counted_on: string | null;
  @Column({ type: 'text', nullable: true }) limit_met: LimitMet | null;
  @Column({ type: 'bigint', nullable: true }) left_out_from: number | null;
  @Column({ ...moment, nullable: true }) left_out_at: Date | null;
  @Column(count) failures: number;
  @Column({ type: 'text', nullable: true }) last_error: string | null;
  @Column({ ...moment, nullable: true }) last_pulled_at: Date | null;
  @Column(made) next_pull_at: Date;
  @Column(made) created_at: Date;
}
