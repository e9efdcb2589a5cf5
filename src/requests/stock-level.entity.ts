import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique, type Relation } from 'typeorm';
import { Product } from './product.entity.js';
import { StockPlace } from './stock-place.entity.js';

/** How many of a product are on hand at a place, and how many of those are promised. Both follow from movements and reservations, and from nothing else. */
@Entity('stock_level')
@Check('stock_level_on_hand_check', 'on_hand >= 0')
@Check('stock_level_reserved_check', 'reserved between 0 and on_hand')
@Check('stock_level_threshold_check', 'threshold between 0 and 100000')
@Unique('stock_level_id_key', ['id'])
@Index('stock_level_place_index', ['placeId'])
export class StockLevel {
  /** For its address and its place in lists; counted up also where nothing was added. */
  @Column('bigint', { default: () => `nextval('stock_level_number_sequence')` })
  id: string;

  @PrimaryColumn('integer', { name: 'product_id', primaryKeyConstraintName: 'stock_level_pkey' })
  productId: number;

  @ManyToOne(() => Product, { nullable: false })
  @JoinColumn({ name: 'product_id', foreignKeyConstraintName: 'stock_level_product_fkey' })
  product: Relation<Product>;

  @PrimaryColumn('integer', { name: 'place_id', primaryKeyConstraintName: 'stock_level_pkey' })
  placeId: number;

  @ManyToOne(() => StockPlace, { nullable: false })
  @JoinColumn({ name: 'place_id', foreignKeyConstraintName: 'stock_level_place_fkey' })
  place: Relation<StockPlace>;

  @Column('integer', { name: 'on_hand', default: 0 })
  onHand: number;

  @Column('integer', { default: 0 })
  reserved: number;

  @Column('integer', { nullable: true })
  threshold: number | null;

  /** Of the threshold. */
  @Column('bigint', { default: () => `nextval('equipment_version_sequence')` })
  version: string;
}
