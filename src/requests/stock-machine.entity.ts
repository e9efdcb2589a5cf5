import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { StockLevel } from './stock-level.entity.js';
import { DeviceCustody } from '../devices/lifecycle/device-custody.entity.js';

/** A machine that is stock: custody has it available at a place. What product it is was told when it came. */
@Entity('stock_machine')
@Index('stock_machine_level_index', ['productId', 'placeId'])
export class StockMachine {
  @PrimaryColumn('integer', { name: 'custody_id', primaryKeyConstraintName: 'stock_machine_pkey' })
  custodyId: number;

  @ManyToOne(() => DeviceCustody, { nullable: false })
  @JoinColumn({ name: 'custody_id', foreignKeyConstraintName: 'stock_machine_custody_fkey' })
  custody: Relation<DeviceCustody>;

  @Column('integer', { name: 'product_id' })
  productId: number;

  @Column('integer', { name: 'place_id' })
  placeId: number;

  @ManyToOne(() => StockLevel, { nullable: false })
  @JoinColumn([
    { name: 'product_id', referencedColumnName: 'productId', foreignKeyConstraintName: 'stock_machine_level_fkey' },
    { name: 'place_id', referencedColumnName: 'placeId', foreignKeyConstraintName: 'stock_machine_level_fkey' },
  ])
  level: Relation<StockLevel>;
}
