import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { PurchaseOrderLine } from './purchase-order-line.entity.js';

/** A delivery of some of a line. Never changed or deleted. */
@Entity('purchase_receipt')
@Check('purchase_receipt_quantity_check', 'quantity between 1 and 100000')
@Index('purchase_receipt_line_index', ['orderLineId'])
export class PurchaseReceipt {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'purchase_receipt_pkey',
  })
  id: number;

  @Column('integer', { name: 'order_line_id' })
  orderLineId: number;

  @ManyToOne(() => PurchaseOrderLine, { nullable: false })
  @JoinColumn({ name: 'order_line_id', foreignKeyConstraintName: 'purchase_receipt_line_fkey' })
  orderLine: Relation<PurchaseOrderLine>;

  @Column('integer')
  quantity: number;

  @Column('text', { name: 'delivery_note', nullable: true })
  deliveryNote: string | null;

  @Column('text', { name: 'received_by' })
  receivedBy: string;

  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt: Date;
}
