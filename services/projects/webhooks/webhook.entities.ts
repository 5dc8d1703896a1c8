import { Check, Column, Entity, Generated, Index, PrimaryGeneratedColumn } from 'typeorm';

const moment = { type: 'timestamptz', precision: 3 } as const;

@Entity('webhooks')
export class WebhookEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Column({ type: 'uuid' }) project_id: string;
  @Column({ type: 'text' }) url: string;
  @Column({ type: 'text', nullable: true }) description: string | null;
  @Column({ type: 'text', array: true }) events: string[];
  @Column({ type: 'text' }) secret: string;
  @Column({ type: 'boolean', default: true }) is_active: boolean;
  @Index() @Column({ type: 'uuid', nullable: true }) created_by: string | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
  @Column({ ...moment, nullable: true }) failing_since: Date | null;
  @Column({ ...moment, nullable: true }) paused_at: Date | null;
}

@Entity('webhook_deliveries')
@Check('webhook_deliveries_status_check', `status in ('waiting', 'succeeded', 'failed')`)
export class WebhookDeliveryEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'bigint', unique: true, insert: false }) @Generated('increment') seq: number;
  @Column({ type: 'uuid' }) webhook_id: string;
  @Column({ type: 'text' }) event: string;
  @Column({ type: 'text' }) body: string;
  @Index() @Column({ type: 'uuid', nullable: true }) redelivery_of: string | null;
  @Column({ type: 'text', default: 'waiting' }) status: 'waiting' | 'succeeded' | 'failed';
  @Column({ type: 'smallint', default: 0 }) attempts: number;
  @Column({ ...moment, default: () => 'now()' }) next_attempt_at: Date;
  @Column({ type: 'smallint', nullable: true }) response_status: number | null;
  @Column({ type: 'text', nullable: true }) response_body: string | null;
  @Column({ type: 'text', nullable: true }) error: string | null;
  @Column({ type: 'integer', nullable: true }) duration_ms: number | null;
  @Column({ ...moment, default: () => 'now()' }) created_at: Date;
  @Column({ ...moment, nullable: true }) finished_at: Date | null;
}
