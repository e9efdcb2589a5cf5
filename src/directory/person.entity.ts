import { Check, Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { SynchronisedRecord } from '../database/presence.js';

/** One licence of a person as Microsoft Graph states it. */
export interface StatedLicence {
  readonly sku_id: string;
  /** The group that the licence comes through; null when it is assigned directly. */
  readonly group_id: string | null;
  /** `Active`, `ActiveWithError`, `Disabled` or `Error`; null when Graph gives no state. */
  readonly state: string | null;
  readonly error: string | null;
  readonly disabled_plans: readonly string[];
  readonly updated_at: string | null;
}

/** A person of the directory, as Microsoft Entra ID shows them. Only the synchronisation writes this table. */
@Entity('person')
@Unique('person_entra_id_key', ['entraId'])
@Check('person_presence_check', `presence in ('present', 'missing', 'gone')`)
@Index('person_manager_index', ['managerEntraId'])
@Index('person_name_index', { synchronize: false })
@Index('person_licence_index', { synchronize: false })
@Index('person_absent_index', { synchronize: false })
@Index('person_leaver_index', { synchronize: false })
export class Person extends SynchronisedRecord {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'person_pkey' })
  id: number;

  /** Object id in Entra ID: the only thing that identifies a person, whatever their name or address becomes. */
  @Column('text', { name: 'entra_id' })
  entraId: string;

  @Column('text', { name: 'user_principal_name', nullable: true })
  userPrincipalName: string | null;

  @Column('text', { name: 'display_name', nullable: true })
  displayName: string | null;

  @Column('text', { name: 'given_name', nullable: true })
  givenName: string | null;

  @Column('text', { nullable: true })
  surname: string | null;

  @Column('text', { nullable: true })
  mail: string | null;

  @Column('text', { name: 'job_title', nullable: true })
  jobTitle: string | null;

  @Column('text', { nullable: true })
  department: string | null;

  @Column('text', { name: 'company_name', nullable: true })
  companyName: string | null;

  @Column('text', { name: 'office_location', nullable: true })
  officeLocation: string | null;

  @Column('text', { nullable: true })
  city: string | null;

  @Column('text', { nullable: true })
  country: string | null;

  /** Two-letter country code that decides which services may be licensed. */
  @Column('text', { name: 'usage_location', nullable: true })
  usageLocation: string | null;

  @Column('text', { name: 'employee_id', nullable: true })
  employeeId: string | null;

  @Column('text', { name: 'employee_type', nullable: true })
  employeeType: string | null;

  @Column('text', { nullable: true })
  division: string | null;

  @Column('text', { name: 'cost_centre', nullable: true })
  costCentre: string | null;

  @Column('timestamptz', { name: 'employee_hired_at', nullable: true })
  employeeHiredAt: Date | null;

  /** False for leavers; they may still hold equipment. */
  @Column('boolean', { name: 'account_enabled', nullable: true })
  accountEnabled: boolean | null;

  /** `Member` for staff, `Guest` for people of other organisations. */
  @Column('text', { name: 'user_type', nullable: true })
  userType: string | null;

  @Column('timestamptz', { name: 'created_in_entra_at', nullable: true })
  createdInEntraAt: Date | null;

  @Column('boolean', { name: 'on_premises_sync_enabled', nullable: true })
  onPremisesSyncEnabled: boolean | null;

  @Column('jsonb', { name: 'on_premises_extension_attributes', nullable: true })
  onPremisesExtensionAttributes: Readonly<Record<string, string | null>> | null;

  /** Object id of the line manager; the manager need not be known yet. */
  @Column('text', { name: 'manager_entra_id', nullable: true })
  managerEntraId: string | null;

  @Column('jsonb', { name: 'licence_assignments', default: () => "'[]'" })
  licenceAssignments: readonly StatedLicence[];
}
