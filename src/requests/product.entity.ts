import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { ChangedRecord } from './changed-record.entity.js';

/** Something that people can ask for: a model of machine, of which each has a serial number, or an accessory that is counted. */
@Entity('product')
@Check('product_name_check', 'length(name) between 1 and 200 and name = btrim(name)')
@Check(
  'product_kind_check',
  `kind in ('laptop', 'desktop', 'dock', 'screen', 'headset', 'keyboard', 'mouse', 'bag', 'assistive_technology', 'other')`,
)
@Check('product_price_check', 'price_pence between 0 and 10000000')
@Check('product_most_each_check', 'most_each between 1 and 100')
@Index('product_name_key', { synchronize: false })
export class Product extends ChangedRecord {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'product_pkey' })
  id: number;

  @Column('text')
  name: string;

  @Column('text')
  kind: string;

  @Column('text', { nullable: true })
  description: string | null;

  @Column('boolean')
  serialised: boolean;

  @Column('integer', { name: 'price_pence' })
  pricePence: number;

  @Column('integer', { name: 'most_each', nullable: true })
  mostEach: number | null;

  @Column('boolean', { name: 'reason_needed', default: false })
  reasonNeeded: boolean;

  @Column('boolean', { name: 'replaces_kind', default: false })
  replacesKind: boolean;

  @Column('boolean', { default: true })
  offered: boolean;
}
