import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { ChangedRecord } from './changed-record.entity.js';
import type { OrderState } from './domain/order-words.js';

/** An order at a supplier. */
@Entity('purchase_order')
@Check('purchase_order_number_check', 'length(number) between 1 and 100 and number = btrim(number)')
@Check('purchase_order_state_check', `state in ('open', 'closed', 'cancelled')`)
@Index('purchase_order_number_key', { synchronize: false })
export class PurchaseOrder extends ChangedRecord {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'purchase_order_pkey' })
  id: number;

  @Column('text')
  number: string;

  @Column('text')
  supplier: string;

  @Column('text', { default: 'open' })
  state: OrderState;

  @Column('date', { name: 'ordered_on' })
  orderedOn: string;

  @Column('date', { name: 'expected_on', nullable: true })
  expectedOn: string | null;

  /** Why it ended before everything came. */
  @Column('text', { name: 'end_reason', nullable: true })
  endReason: string | null;
}
