import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Bundle } from './bundle.entity.js';
import { Product } from './product.entity.js';

/** So many of one product in a bundle. */
@Entity('bundle_line')
@Check('bundle_line_quantity_check', 'quantity between 1 and 20')
export class BundleLine {
  @PrimaryColumn('integer', { name: 'bundle_id', primaryKeyConstraintName: 'bundle_line_pkey' })
  bundleId: number;

  @ManyToOne(() => Bundle, { nullable: false })
  @JoinColumn({ name: 'bundle_id', foreignKeyConstraintName: 'bundle_line_bundle_fkey' })
  bundle: Relation<Bundle>;

  @PrimaryColumn('integer', { name: 'product_id', primaryKeyConstraintName: 'bundle_line_pkey' })
  productId: number;

  @ManyToOne(() => Product, { nullable: false })
  @JoinColumn({ name: 'product_id', foreignKeyConstraintName: 'bundle_line_product_fkey' })
  product: Relation<Product>;

  @Column('integer')
  quantity: number;
}
