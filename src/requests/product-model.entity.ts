import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Product } from './product.entity.js';

/** What machines of a product call themselves: manufacturer and model as `device_model_name` writes them, in lower case. */
@Entity('product_model')
@Check('product_model_name_check', 'model_name = lower(model_name) and length(model_name) between 1 and 300')
@Index('product_model_product_index', ['productId'])
export class ProductModel {
  @PrimaryColumn('text', { name: 'model_name', primaryKeyConstraintName: 'product_model_pkey' })
  modelName: string;

  @Column('integer', { name: 'product_id' })
  productId: number;

  @ManyToOne(() => Product, { nullable: false })
  @JoinColumn({ name: 'product_id', foreignKeyConstraintName: 'product_model_product_fkey' })
  product: Relation<Product>;
}
