import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { RequestLine } from './request-line.entity.js';
import { StockLevel } from './stock-level.entity.js';

/** Stock of a product at a place that is promised to a line of a request. */
@Entity('reservation')
@Check('reservation_quantity_check', 'quantity between 1 and 50')
@Check('reservation_picked_check', 'picked between 0 and quantity')
@Check('reservation_state_check', `state in ('active', 'picked', 'released', 'expired')`)
@Check('reservation_whole_check', `state <> 'picked' or picked = quantity`)
@Check('reservation_ended_check', `(state = 'active') = (ended_at is null)`)
@Index('reservation_active_key', { synchronize: false })
@Index('reservation_level_index', { synchronize: false })
@Index('reservation_expiry_index', { synchronize: false })
export class Reservation {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'reservation_pkey' })
  id: number;

  @Column('integer', { name: 'request_line_id' })
  requestLineId: number;

  @Column('integer', { name: 'product_id' })
  productId: number;

  @Column('integer', { name: 'place_id' })
  placeId: number;

  @Column('integer')
  quantity: number;

  @Column('integer', { default: 0 })
  picked: number;

  @Column('text', { default: 'active' })
  state: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  @ManyToOne(() => RequestLine, { nullable: false })
  @JoinColumn([
    { name: 'request_line_id', referencedColumnName: 'id', foreignKeyConstraintName: 'reservation_line_fkey' },
    { name: 'product_id', referencedColumnName: 'productId', foreignKeyConstraintName: 'reservation_line_fkey' },
  ])
  line: Relation<RequestLine>;

  @ManyToOne(() => StockLevel, { nullable: false })
  @JoinColumn([
    { name: 'product_id', referencedColumnName: 'productId', foreignKeyConstraintName: 'reservation_level_fkey' },
    { name: 'place_id', referencedColumnName: 'placeId', foreignKeyConstraintName: 'reservation_level_fkey' },
  ])
  level: Relation<StockLevel>;
}
