import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { StockCount } from './stock-count.entity.js';
import { Device } from '../devices/device.entity.js';

/** A serial number that was scanned at a count, and the machine that has it. */
@Entity('stock_count_scan')
@Check('stock_count_scan_serial_check', 'length(serial_key) between 1 and 100')
export class StockCountScan {
  @PrimaryColumn('integer', { name: 'count_id', primaryKeyConstraintName: 'stock_count_scan_pkey' })
  countId: number;

  @ManyToOne(() => StockCount, { nullable: false })
  @JoinColumn({ name: 'count_id', foreignKeyConstraintName: 'stock_count_scan_count_fkey' })
  count: Relation<StockCount>;

  @PrimaryColumn('text', { name: 'serial_key', primaryKeyConstraintName: 'stock_count_scan_pkey' })
  serialKey: string;

  /** Null for a serial number that no machine has, or several have. */
  @Column('integer', { name: 'device_id', nullable: true })
  deviceId: number | null;

  @ManyToOne(() => Device, { nullable: true })
  @JoinColumn({ name: 'device_id', foreignKeyConstraintName: 'stock_count_scan_device_fkey' })
  device: Relation<Device> | null;
}
