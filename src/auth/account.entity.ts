import { Check, Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { Role } from './permissions.js';

/**
 * Somebody who has signed in, or a service of our own that works through tokens. A person is the pair of tenant and
 * object id, compared as uuids; no mail address or name ever identifies anybody. Whether the person may still come in is
 * not kept here: the directory says so, and is asked for every request.
 */
@Entity('account')
@Unique('account_object_key', ['tenantId', 'objectId'])
@Unique('account_service_key', ['serviceName'])
@Check(
  'account_roles_check',
  `roles <@ array['service-desk', 'stock-holder', 'engineer', 'rollout-manager', 'approver', 'reviewer', 'administrator']`,
)
@Check(
  'account_identity_check',
  '(tenant_id is null) = (object_id is null) and (object_id is null) = (service_name is not null)',
)
export class Account {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'account_pkey' })
  id: number;

  @Column('uuid', { name: 'tenant_id', nullable: true })
  tenantId: string | null;

  @Column('uuid', { name: 'object_id', nullable: true })
  objectId: string | null;

  /** Of a service; null for a person. */
  @Column('text', { name: 'service_name', nullable: true })
  serviceName: string | null;

  /** For the header of pages only. */
  @Column('text', { name: 'display_name' })
  displayName: string;

  /** The app roles that Entra ID stated last; a service has none. */
  @Column('text', { array: true, default: () => "'{}'" })
  roles: Role[];

  /** When Entra ID stated them, so that an older token does not bring back what was taken away. */
  @Column('timestamptz', { name: 'roles_stated_at', nullable: true })
  rolesStatedAt: Date | null;

  @Column('timestamptz', { name: 'last_sign_in_at', nullable: true })
  lastSignInAt: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
