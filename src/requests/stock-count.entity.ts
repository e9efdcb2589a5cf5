import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { StockPlace } from './stock-place.entity.js';

/** A count of what is really there, at one place. */
@Entity('stock_count')
@Check('stock_count_closed_check', '(closed_at is null) = (closed_by is null)')
@Check('stock_count_abandoned_check', 'not abandoned or closed_at is not null')
@Index('stock_count_open_key', { synchronize: false })
export class StockCount {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'stock_count_pkey' })
  id: number;

  @Column('integer', { name: 'place_id' })
  placeId: number;

  @ManyToOne(() => StockPlace, { nullable: false })
  @JoinColumn({ name: 'place_id', foreignKeyConstraintName: 'stock_count_place_fkey' })
  place: Relation<StockPlace>;

  @Column('text', { name: 'opened_by' })
  openedBy: string;

  @Column('timestamptz', { name: 'opened_at', default: () => 'now()' })
  openedAt: Date;

  @Column('text', { name: 'closed_by', nullable: true })
  closedBy: string | null;

  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt: Date | null;

  /** Closed without correcting anything. */
  @Column('boolean', { default: false })
  abandoned: boolean;

  @Column('bigint', { default: () => `nextval('equipment_version_sequence')` })
  version: string;
}
