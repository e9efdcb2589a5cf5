import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { RolloutTemplate } from '../domain/messages/templates.js';

/** What somebody chose for one of the rollout's messages; what is not here is as it came. */
@Entity('rollout_message_setting')
@Check('rollout_message_setting_days_check', 'days between 1 and 60')
export class RolloutMessageSetting {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'rollout_message_setting_pkey' })
  template: RolloutTemplate;

  @Column('boolean')
  enabled: boolean;

  /** Days before or after what it is about; null where the message has none. */
  @Column('integer', { nullable: true })
  days: number | null;

  @Column('integer', { default: 1 })
  version: number;

  @Column('text', { name: 'changed_by' })
  changedBy: string;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;
}
