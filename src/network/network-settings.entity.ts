import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** A version of the thresholds and assumptions. The latest counts; none is ever changed. */
@Entity('network_settings')
@Check('network_settings_version_check', 'version >= 1')
@Check('network_settings_reason_check', 'length(reason) between 1 and 2000')
export class NetworkSettings {
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'network_settings_pkey' })
  version: number;

  @Column('jsonb')
  settings: unknown;

  @Column('text')
  reason: string;

  @Column('text')
  actor: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
