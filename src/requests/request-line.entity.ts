import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  Unique,
  type Relation,
} from 'typeorm';
import { Bundle } from './bundle.entity.js';
import { Product } from './product.entity.js';
import { RequestRevision } from './request-revision.entity.js';
import { Device } from '../devices/device.entity.js';

/** So many of a product for one person. */
@Entity('request_line')
@Unique('request_line_product_key', ['id', 'productId'])
@Check(
  'request_line_state_check',
  `state in ('open', 'reserved', 'back_ordered', 'picking', 'fulfilled', 'received', 'cancelled', 'superseded')`,
)
@Check('request_line_quantity_check', 'quantity between 1 and 50')
@Check(
  'request_line_promised_check',
  'reserved >= 0 and picked >= 0 and cancelled >= 0 and reserved + picked + cancelled <= quantity',
)
@Check('request_line_waiting_check', `(state = 'back_ordered') = (waiting_since is not null)`)
@Check(
  'request_line_released_check',
  `(state not in ('cancelled', 'superseded') or (reserved = 0 and picked = 0)) and (state <> 'cancelled' or cancelled = quantity)`,
)
@Index('request_line_request_index', ['requestId', 'revision'])
@Index('request_line_beneficiary_index', ['beneficiaryEntraId'])
@Index('request_line_waiting_index', { synchronize: false })
@Index('request_line_state_index', { synchronize: false })
export class RequestLine {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'request_line_pkey' })
  id: number;

  @Column('integer', { name: 'request_id' })
  requestId: number;

  @Column('integer')
  revision: number;

  @Column('text', { name: 'beneficiary_entra_id' })
  beneficiaryEntraId: string;

  @Column('integer', { name: 'product_id' })
  productId: number;

  @ManyToOne(() => Product, { nullable: false })
  @JoinColumn({ name: 'product_id', foreignKeyConstraintName: 'request_line_product_fkey' })
  product: Relation<Product>;

  @Column('integer', { name: 'bundle_id', nullable: true })
  bundleId: number | null;

  @ManyToOne(() => Bundle, { nullable: true })
  @JoinColumn({ name: 'bundle_id', foreignKeyConstraintName: 'request_line_bundle_fkey' })
  bundle: Relation<Bundle> | null;

  @Column('integer')
  quantity: number;

  @Column('integer', { name: 'price_pence' })
  pricePence: number;

  @Column('text', { name: 'exception_reason', nullable: true })
  exceptionReason: string | null;

  @Column('text', { name: 'private_reason', nullable: true })
  privateReason: string | null;

  @Column('integer', { name: 'replaces_device_id', nullable: true })
  replacesDeviceId: number | null;

  @ManyToOne(() => Device, { nullable: true })
  @JoinColumn({ name: 'replaces_device_id', foreignKeyConstraintName: 'request_line_replaces_fkey' })
  replacesDevice: Relation<Device> | null;

  @Column('text', { default: 'open' })
  state: string;

  @Column('integer', { default: 0 })
  reserved: number;

  @Column('integer', { default: 0 })
  picked: number;

  @Column('integer', { default: 0 })
  cancelled: number;

  @Column('timestamptz', { name: 'waiting_since', nullable: true })
  waitingSince: Date | null;

  @ManyToOne(() => RequestRevision, { nullable: false })
  @JoinColumn([
    { name: 'request_id', referencedColumnName: 'requestId', foreignKeyConstraintName: 'request_line_revision_fkey' },
    { name: 'revision', referencedColumnName: 'revision', foreignKeyConstraintName: 'request_line_revision_fkey' },
  ])
  ofRevision: Relation<RequestRevision>;
}
