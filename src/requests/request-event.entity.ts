import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { EquipmentRequest } from './equipment-request.entity.js';
import { RequestLine } from './request-line.entity.js';

/** Something that happened to a request. Never changed or deleted. */
@Entity('request_event')
@Index('request_event_request_index', ['requestId', 'id'])
@Index('request_event_custody_index', { synchronize: false })
export class RequestEvent {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'request_event_pkey',
  })
  id: string;

  @Column('integer', { name: 'request_id' })
  requestId: number;

  @ManyToOne(() => EquipmentRequest, { nullable: false })
  @JoinColumn({ name: 'request_id', foreignKeyConstraintName: 'request_event_request_fkey' })
  request: Relation<EquipmentRequest>;

  @Column('integer')
  revision: number;

  @Column('integer', { name: 'line_id', nullable: true })
  lineId: number | null;

  @ManyToOne(() => RequestLine, { nullable: true })
  @JoinColumn({ name: 'line_id', foreignKeyConstraintName: 'request_event_line_fkey' })
  line: Relation<RequestLine> | null;

  @Column('text')
  event: string;

  @Column('text')
  actor: string;

  @Column('jsonb', { default: () => "'{}'" })
  details: unknown;

  @Column('timestamptz', { default: () => 'now()' })
  at: Date;
}
