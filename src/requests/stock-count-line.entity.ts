import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Product } from './product.entity.js';
import { StockCount } from './stock-count.entity.js';

/** What was expected of a product and what was found. */
@Entity('stock_count_line')
@Check('stock_count_line_figures_check', 'expected >= 0 and counted >= 0')
export class StockCountLine {
  @PrimaryColumn('integer', { name: 'count_id', primaryKeyConstraintName: 'stock_count_line_pkey' })
  countId: number;

  @ManyToOne(() => StockCount, { nullable: false })
  @JoinColumn({ name: 'count_id', foreignKeyConstraintName: 'stock_count_line_count_fkey' })
  count: Relation<StockCount>;

  @PrimaryColumn('integer', { name: 'product_id', primaryKeyConstraintName: 'stock_count_line_pkey' })
  productId: number;

  @ManyToOne(() => Product, { nullable: false })
  @JoinColumn({ name: 'product_id', foreignKeyConstraintName: 'stock_count_line_product_fkey' })
  product: Relation<Product>;

  @Column('integer')
  expected: number;

  @Column('integer', { nullable: true })
  counted: number | null;

  @Column('text', { nullable: true })
  reason: string | null;
}
