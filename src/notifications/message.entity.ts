import { Check, Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { MessageReference, MessageState } from './message-words.js';

/** A message to one person about one event, once. It holds references only; what it says is read when it is sent. */
@Entity('message')
@Unique('message_event_key', ['event', 'recipientEntraId', 'channel'])
@Unique('message_key_key', ['messageKey'])
@Check('message_channel_check', `channel in ('mail')`)
@Check('message_state_check', `state in ('waiting', 'claimed', 'sending', 'sent', 'stopped', 'uncertain', 'dead')`)
@Check('message_event_check', 'length(event) between 1 and 200')
@Check(
  'message_claim_check',
  `(state in ('claimed', 'sending')) = (lease_until is not null) and (lease_until is null or claim is not null)`,
)
@Check('message_ended_check', `(state in ('sent', 'stopped')) = (ended_at is not null)`)
@Check('message_stop_reason_check', `(state = 'stopped') = (stop_reason is not null)`)
@Index('message_due_index', { synchronize: false })
@Index('message_lease_index', { synchronize: false })
@Index('message_undelivered_index', { synchronize: false })
@Index('message_template_index', ['template', 'state', 'endedAt'])
export class Message {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'message_pkey',
  })
  id: string;

  /** What happened, such as `booking:17:booked`; one message to one person about it and no more. */
  @Column('text')
  event: string;

  @Column('text', { default: 'mail' })
  channel: string;

  @Column('text', { name: 'recipient_entra_id' })
  recipientEntraId: string;

  @Column('text')
  template: string;

  @Column('jsonb', { default: () => "'{}'" })
  reference: MessageReference;

  /** The left part of its Message-ID, which follows from event, recipient and channel. */
  @Column('text', { name: 'message_key' })
  messageKey: string;

  @Column('timestamptz', { name: 'planned_for', default: () => 'now()' })
  plannedFor: Date;

  /** When it says nothing useful any more. */
  @Column('timestamptz', { name: 'use_by' })
  useBy: Date;

  @Column('text', { default: 'waiting' })
  state: MessageState;

  @Column('integer', { default: 0 })
  attempts: number;

  @Column('timestamptz', { name: 'next_try_at', default: () => 'now()' })
  nextTryAt: Date;

  /** Whoever sends it, or sent it last, by a number of its own; a process that lost it can do nothing to it. */
  @Column('uuid', { nullable: true })
  claim: string | null;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil: Date | null;

  /** When it was sent or stopped. */
  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  @Column('text', { name: 'stop_reason', nullable: true })
  stopReason: string | null;

  /** A code, never the mail server's words, which repeat addresses. */
  @Column('text', { name: 'last_error', nullable: true })
  lastError: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
