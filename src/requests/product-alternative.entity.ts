import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Product } from './product.entity.js';

/** What somebody can have instead of a product, such as one that assistive technology works with. */
@Entity('product_alternative')
@Check('product_alternative_other_check', 'product_id <> alternative_id')
export class ProductAlternative {
  @PrimaryColumn('integer', { name: 'product_id', primaryKeyConstraintName: 'product_alternative_pkey' })
  productId: number;

  @ManyToOne(() => Product, { nullable: false })
  @JoinColumn({ name: 'product_id', foreignKeyConstraintName: 'product_alternative_product_fkey' })
  product: Relation<Product>;

  @PrimaryColumn('integer', { name: 'alternative_id', primaryKeyConstraintName: 'product_alternative_pkey' })
  alternativeId: number;

  @ManyToOne(() => Product, { nullable: false })
  @JoinColumn({ name: 'alternative_id', foreignKeyConstraintName: 'product_alternative_alternative_fkey' })
  alternative: Relation<Product>;

  @Column('text', { nullable: true })
  note: string | null;
}
