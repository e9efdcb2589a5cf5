import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Device } from '../device.entity.js';
import type { CustodyState, Substate } from '../domain/lifecycle/standing.js';
import type { EventCommand } from '../domain/lifecycle/commands.js';
import { CustodyBulk } from './custody-bulk.entity.js';
import { CustodyEvidence } from './custody-evidence.entity.js';

/** The commands of the history, as a CHECK lists them. */
export const EVENT_COMMAND_LIST = `('order', 'receive', 'allocate', 'hold', 'quarantine', 'release', 'move', 'hand-over', 'install',
  'transfer', 'recall', 'keep', 'take-back', 'report-missing', 'report-stolen', 'find', 'send-to-repair',
  'return-from-repair', 'wipe', 'restock', 'send-to-disposal', 'dispose', 'write-off', 'correct', 'note', 'settle', 'join')`;

/** One step in the history of a machine's custody. Never changed or deleted: what was wrong is corrected by another step. */
@Entity('custody_event')
@Check('custody_event_command_check', `command in ${EVENT_COMMAND_LIST}`)
@Index('custody_event_device_index', { synchronize: false })
@Index('custody_event_custody_index', { synchronize: false })
@Index('custody_event_corrects_key', { synchronize: false })
export class CustodyEvent {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'custody_event_pkey',
  })
  id: string;

  /** The machine as it was known then. */
  @ManyToOne(() => Device, { nullable: false })
  @JoinColumn({ name: 'device_id', foreignKeyConstraintName: 'custody_event_device_fkey' })
  device: Relation<Device>;

  /** Number of the row of `device_custody`, which may be gone since; null for a note about a machine without custody. */
  @Column('integer', { name: 'custody_id', nullable: true })
  custodyId: number | null;

  @Column('text')
  command: EventCommand;

  @Column('text', { name: 'from_state', nullable: true })
  fromState: CustodyState | null;

  @Column('text', { name: 'from_substate', nullable: true })
  fromSubstate: Substate | null;

  /** Null when no custody is recorded any more. */
  @Column('text', { name: 'to_state', nullable: true })
  toState: CustodyState | null;

  @Column('text', { name: 'to_substate', nullable: true })
  toSubstate: Substate | null;

  @Column('text', { name: 'holder_before', nullable: true })
  holderBefore: string | null;

  @Column('text', { name: 'holder_after', nullable: true })
  holderAfter: string | null;

  @Column('text', { name: 'place_before', nullable: true })
  placeBefore: string | null;

  @Column('text', { name: 'place_after', nullable: true })
  placeAfter: string | null;

  @Column('timestamptz', { name: 'since_before', nullable: true })
  sinceBefore: Date | null;

  /** Why, or the note, as somebody typed it. */
  @Column('text', { nullable: true })
  reason: string | null;

  /** Number of the incident, certificate, delivery or collection note that goes with it. */
  @Column('text', { nullable: true })
  reference: string | null;

  /** The other fields of the command, by their names. */
  @Column('jsonb', { default: () => "'{}'" })
  details: Readonly<Record<string, unknown>>;

  @ManyToOne(() => CustodyEvidence, { nullable: true })
  @JoinColumn({ name: 'evidence_id', foreignKeyConstraintName: 'custody_event_evidence_fkey' })
  evidence: Relation<CustodyEvidence> | null;

  /** The step that this one takes back; a step is taken back once. */
  @ManyToOne(() => CustodyEvent, { nullable: true })
  @JoinColumn({ name: 'corrects_id', foreignKeyConstraintName: 'custody_event_corrects_fkey' })
  corrects: Relation<CustodyEvent> | null;

  @ManyToOne(() => CustodyBulk, { nullable: true })
  @JoinColumn({ name: 'bulk_id', foreignKeyConstraintName: 'custody_event_bulk_fkey' })
  bulk: Relation<CustodyBulk> | null;

  @Column('text')
  actor: string;

  @Column('timestamptz', { default: () => 'now()' })
  at: Date;
}
