import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeyKind } from './domain/identity/identity-record.js';

/** An id or serial number that so many records carry that it identifies nothing: a placeholder that no list knows. */
@Entity('device_shared_key')
@Check('device_shared_key_kind_check', `kind in ('autopilot', 'managed', 'entra', 'serial')`)
export class DeviceSharedKey {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'device_shared_key_pkey' })
  kind: KeyKind;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'device_shared_key_pkey' })
  value: string;

  @Column('timestamptz', { name: 'noticed_at', default: () => 'now()' })
  noticedAt: Date;
}
