import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An account of somebody who has another one, such as an administrator’s second account. */
@Entity('linked_account')
@Check('linked_account_other_check', 'entra_id <> person_entra_id')
@Index('linked_account_person_index', ['personEntraId'])
export class LinkedAccount {
  @PrimaryColumn('text', { name: 'entra_id', primaryKeyConstraintName: 'linked_account_pkey' })
  entraId: string;

  @Column('text', { name: 'person_entra_id' })
  personEntraId: string;

  @Column('text', { name: 'linked_by' })
  linkedBy: string;

  @Column('timestamptz', { name: 'linked_at', default: () => 'now()' })
  linkedAt: Date;
}
