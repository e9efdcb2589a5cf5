import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { StockTransfer } from './stock-transfer.entity.js';
import { Device } from '../devices/device.entity.js';

/** A machine of a transfer. Until it arrives, custody holds it back. */
@Entity('stock_transfer_machine')
@Check('stock_transfer_machine_state_check', `state in ('sent', 'arrived', 'lost')`)
@Index('stock_transfer_machine_key', { synchronize: false })
export class StockTransferMachine {
  @PrimaryColumn('integer', { name: 'transfer_id', primaryKeyConstraintName: 'stock_transfer_machine_pkey' })
  transferId: number;

  @ManyToOne(() => StockTransfer, { nullable: false })
  @JoinColumn({ name: 'transfer_id', foreignKeyConstraintName: 'stock_transfer_machine_transfer_fkey' })
  transfer: Relation<StockTransfer>;

  @PrimaryColumn('integer', { name: 'device_id', primaryKeyConstraintName: 'stock_transfer_machine_pkey' })
  deviceId: number;

  @ManyToOne(() => Device, { nullable: false })
  @JoinColumn({ name: 'device_id', foreignKeyConstraintName: 'stock_transfer_machine_device_fkey' })
  device: Relation<Device>;

  @Column('text', { default: 'sent' })
  state: 'sent' | 'arrived' | 'lost';
}
