import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** Somebody who may book and answer for somebody else until a day. */
@Entity('move_delegate')
@Check('move_delegate_other_check', 'principal_entra_id <> delegate_entra_id')
@Index('move_delegate_live_key', { synchronize: false })
@Index('move_delegate_delegate_index', { synchronize: false })
export class MoveDelegate {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'move_delegate_pkey' })
  id: number;

  @Column('text', { name: 'principal_entra_id' })
  principalEntraId: string;

  @Column('text', { name: 'delegate_entra_id' })
  delegateEntraId: string;

  /** The last day (Europe/London). */
  @Column('date', { name: 'until_day' })
  untilDay: string;

  @Column('text', { name: 'named_by' })
  namedBy: string;

  @Column('timestamptz', { name: 'named_at', default: () => 'now()' })
  namedAt: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;
}
