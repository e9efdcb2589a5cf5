import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { ChangedRecord } from './changed-record.entity.js';

/** Where stock is kept; of the same name as the places of custody. */
@Entity('stock_place')
@Check('stock_place_name_check', 'length(name) between 1 and 200 and name = btrim(name)')
@Index('stock_place_name_key', { synchronize: false })
export class StockPlace extends ChangedRecord {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'stock_place_pkey' })
  id: number;

  @Column('text')
  name: string;
}
