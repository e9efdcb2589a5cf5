import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Pick } from './pick.entity.js';
import { Product } from './product.entity.js';
import { PurchaseReceipt } from './purchase-receipt.entity.js';
import { StockCount } from './stock-count.entity.js';
import { StockPlace } from './stock-place.entity.js';
import { StockTransfer } from './stock-transfer.entity.js';

/** Something that changed how many are on hand. Never changed or deleted. */
@Entity('stock_movement')
@Check(
  'stock_movement_kind_check',
  `kind in ('received', 'picked', 'put_back', 'returned', 'sent', 'arrived', 'counted', 'machine_in', 'machine_out')`,
)
@Check(
  'stock_movement_quantity_check',
  `quantity <> 0 and (kind = 'counted' or (kind in ('picked', 'sent', 'machine_out')) = (quantity < 0))`,
)
@Index('stock_movement_level_index', { synchronize: false })
export class StockMovement {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'stock_movement_pkey',
  })
  id: string;

  @Column('integer', { name: 'product_id' })
  productId: number;

  @ManyToOne(() => Product, { nullable: false })
  @JoinColumn({ name: 'product_id', foreignKeyConstraintName: 'stock_movement_product_fkey' })
  product: Relation<Product>;

  @Column('integer', { name: 'place_id' })
  placeId: number;

  @ManyToOne(() => StockPlace, { nullable: false })
  @JoinColumn({ name: 'place_id', foreignKeyConstraintName: 'stock_movement_place_fkey' })
  place: Relation<StockPlace>;

  @Column('text')
  kind: string;

  @Column('integer')
  quantity: number;

  @Column('integer', { name: 'on_hand_after', default: 0 })
  onHandAfter: number;

  @Column('integer', { name: 'custody_id', nullable: true })
  custodyId: number | null;

  @Column('integer', { name: 'pick_id', nullable: true })
  pickId: number | null;

  @ManyToOne(() => Pick, { nullable: true })
  @JoinColumn({ name: 'pick_id', foreignKeyConstraintName: 'stock_movement_pick_fkey' })
  pick: Relation<Pick> | null;

  @Column('integer', { name: 'receipt_id', nullable: true })
  receiptId: number | null;

  @ManyToOne(() => PurchaseReceipt, { nullable: true })
  @JoinColumn({ name: 'receipt_id', foreignKeyConstraintName: 'stock_movement_receipt_fkey' })
  receipt: Relation<PurchaseReceipt> | null;

  @Column('integer', { name: 'transfer_id', nullable: true })
  transferId: number | null;

  @ManyToOne(() => StockTransfer, { nullable: true })
  @JoinColumn({ name: 'transfer_id', foreignKeyConstraintName: 'stock_movement_transfer_fkey' })
  transfer: Relation<StockTransfer> | null;

  @Column('integer', { name: 'count_id', nullable: true })
  countId: number | null;

  @ManyToOne(() => StockCount, { nullable: true })
  @JoinColumn({ name: 'count_id', foreignKeyConstraintName: 'stock_movement_count_fkey' })
  count: Relation<StockCount> | null;

  @Column('text', { nullable: true })
  reason: string | null;

  @Column('text')
  actor: string;

  @Column('timestamptz', { default: () => 'now()' })
  at: Date;
}
