import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import type { EventCommand } from '../domain/lifecycle/commands.js';

/** A command for many machines: checked and shown first, then done once, for the rest or for all. */
@Entity('custody_bulk')
@Check(
  'custody_bulk_command_check',
  `command in ('order', 'receive', 'allocate', 'hold', 'quarantine', 'release', 'move', 'hand-over', 'install',
  'transfer', 'recall', 'keep', 'take-back', 'report-missing', 'report-stolen', 'find', 'send-to-repair',
  'return-from-repair', 'wipe', 'restock', 'send-to-disposal', 'dispose', 'write-off', 'correct', 'note', 'settle', 'join')`,
)
@Check('custody_bulk_state_check', `state in ('checked', 'done')`)
@Check('custody_bulk_mode_check', `mode in ('rest', 'all')`)
@Check('custody_bulk_done_check', `(state = 'done') = (mode is not null) and (state = 'done') = (done_at is not null)`)
@Index('custody_bulk_checked_index', { synchronize: false })
export class CustodyBulk {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'custody_bulk_pkey' })
  id: number;

  @Column('text')
  command: EventCommand;

  /** The fields of the command. */
  @Column('jsonb')
  input: Readonly<Record<string, unknown>>;

  @Column('text', { default: 'checked' })
  state: 'checked' | 'done';

  /** Whether the machines that could be were done, or only all or none. */
  @Column('text', { nullable: true })
  mode: 'rest' | 'all' | null;

  @Column('text')
  actor: string;

  @Column('timestamptz', { name: 'checked_at', default: () => 'now()' })
  checkedAt: Date;

  @Column('timestamptz', { name: 'done_at', nullable: true })
  doneAt: Date | null;
}

/** One machine of a bulk command, as it was named, and what became of it. */
@Entity('custody_bulk_line')
@Check('custody_bulk_line_outcome_check', `outcome in ('ready', 'refused', 'done', 'undone')`)
export class CustodyBulkLine {
  @PrimaryColumn('integer', { name: 'bulk_id', primaryKeyConstraintName: 'custody_bulk_line_pkey' })
  bulkId: number;

  @ManyToOne(() => CustodyBulk, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'bulk_id', foreignKeyConstraintName: 'custody_bulk_line_bulk_fkey' })
  bulk: Relation<CustodyBulk>;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'custody_bulk_line_pkey' })
  line: number;

  /** As it was typed, scanned or ticked. */
  @Column('text')
  given: string;

  @Column('integer', { name: 'device_id', nullable: true })
  deviceId: number | null;

  /** Version of the custody that the dry run saw; null when there was none. */
  @Column('bigint', { nullable: true })
  version: string | null;

  /** `undone` when it could have been done, but all or none was asked for. */
  @Column('text')
  outcome: 'ready' | 'refused' | 'done' | 'undone';

  @Column('text', { nullable: true })
  reason: string | null;
}
