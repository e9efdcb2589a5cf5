import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Product } from './product.entity.js';
import { PurchaseOrder } from './purchase-order.entity.js';
import { StockPlace } from './stock-place.entity.js';

/** So many of a product, to be delivered to a place. */
@Entity('purchase_order_line')
@Check('purchase_order_line_quantity_check', 'quantity between 1 and 100000')
@Check('purchase_order_line_received_check', 'received between 0 and quantity')
@Check('purchase_order_line_price_check', 'price_pence between 0 and 10000000')
@Index('purchase_order_line_order_index', ['orderId'])
@Index('purchase_order_line_open_index', { synchronize: false })
export class PurchaseOrderLine {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'purchase_order_line_pkey',
  })
  id: number;

  @Column('integer', { name: 'order_id' })
  orderId: number;

  @ManyToOne(() => PurchaseOrder, { nullable: false })
  @JoinColumn({ name: 'order_id', foreignKeyConstraintName: 'purchase_order_line_order_fkey' })
  order: Relation<PurchaseOrder>;

  @Column('integer', { name: 'product_id' })
  productId: number;

  @ManyToOne(() => Product, { nullable: false })
  @JoinColumn({ name: 'product_id', foreignKeyConstraintName: 'purchase_order_line_product_fkey' })
  product: Relation<Product>;

  @Column('integer', { name: 'place_id' })
  placeId: number;

  @ManyToOne(() => StockPlace, { nullable: false })
  @JoinColumn({ name: 'place_id', foreignKeyConstraintName: 'purchase_order_line_place_fkey' })
  place: Relation<StockPlace>;

  @Column('integer')
  quantity: number;

  @Column('integer', { default: 0 })
  received: number;

  @Column('integer', { name: 'price_pence' })
  pricePence: number;
}
