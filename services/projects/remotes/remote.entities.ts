import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

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
