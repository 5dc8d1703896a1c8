import { Column, Entity, Generated, Index, PrimaryColumn } from 'typeorm';

@Entity('anchors')
export class AnchorEntity {
  @PrimaryColumn({ type: 'integer', insert: false }) @Generated('increment') id: number;
  @Index() @Column({ type: 'uuid' }) project_id: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text' }) reference_image_url: string;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) created_at: Date;
}
