import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Product } from './product.entity.js';
import { StockPlace } from './stock-place.entity.js';

/** Things of one product on their way from one place to another. */
@Entity('stock_transfer')
@Check('stock_transfer_places_check', 'from_place_id <> to_place_id')
@Check('stock_transfer_quantity_check', 'quantity between 1 and 10000')
@Check('stock_transfer_arrived_check', 'arrived >= 0 and lost >= 0 and arrived + lost <= quantity')
@Check('stock_transfer_lost_check', '(lost > 0) = (lost_reason is not null)')
@Check('stock_transfer_ended_check', '(ended_at is not null) = (arrived + lost = quantity)')
@Index('stock_transfer_open_index', { synchronize: false })
export class StockTransfer {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'stock_transfer_pkey' })
  id: number;

  @Column('integer', { name: 'product_id' })
  productId: number;

  @ManyToOne(() => Product, { nullable: false })
  @JoinColumn({ name: 'product_id', foreignKeyConstraintName: 'stock_transfer_product_fkey' })
  product: Relation<Product>;

  @Column('integer', { name: 'from_place_id' })
  fromPlaceId: number;

  @ManyToOne(() => StockPlace, { nullable: false })
  @JoinColumn({ name: 'from_place_id', foreignKeyConstraintName: 'stock_transfer_from_fkey' })
  fromPlace: Relation<StockPlace>;

  @Column('integer', { name: 'to_place_id' })
  toPlaceId: number;

  @ManyToOne(() => StockPlace, { nullable: false })
  @JoinColumn({ name: 'to_place_id', foreignKeyConstraintName: 'stock_transfer_to_fkey' })
  toPlace: Relation<StockPlace>;

  @Column('integer')
  quantity: number;

  @Column('integer', { default: 0 })
  arrived: number;

  @Column('integer', { default: 0 })
  lost: number;

  /** Why some did not arrive and are not looked for any more. */
  @Column('text', { name: 'lost_reason', nullable: true })
  lostReason: string | null;

  @Column('text', { nullable: true })
  tracking: string | null;

  @Column('text', { name: 'sent_by' })
  sentBy: string;

  @Column('timestamptz', { name: 'sent_at', default: () => 'now()' })
  sentAt: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  @Column('bigint', { default: () => `nextval('equipment_version_sequence')` })
  version: string;
}
