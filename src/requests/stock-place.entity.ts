import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** Where stock is kept; of the same name as the places of custody. */
@Entity('stock_place')
@Check('stock_place_name_check', 'length(name) between 1 and 200 and name = btrim(name)')
@Index('stock_place_name_key', { synchronize: false })
export class StockPlace {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'stock_place_pkey' })
  id: number;

  @Column('text')
  name: string;

  @Column('text', { name: 'changed_by' })
  changedBy: string;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;

  @Column('bigint', { default: () => `nextval('equipment_version_sequence')` })
  version: string;
}
