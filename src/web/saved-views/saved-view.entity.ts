import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/**
 * A view of a list that a person keeps: its filters, order and columns as they stand in the address. What it holds is
 * checked when it is used, as lists change.
 */
@Entity('saved_view')
@Check('saved_view_name_check', `length(name) between 1 and 80`)
@Check('saved_view_query_check', `length(query) <= 2000`)
@Index('saved_view_name_key', { synchronize: false })
@Index('saved_view_role_index', { synchronize: false })
export class SavedView {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'saved_view_pkey' })
  id: number;

  /** Object id in Entra ID of the person who keeps it. */
  @Column('text', { name: 'owner_entra_id' })
  ownerEntraId: string;

  @Column('text')
  list: string;

  @Column('text')
  name: string;

  /** What stands after the question mark of the list's address. */
  @Column('text')
  query: string;

  /** Role whose people see it too; null when only its owner does. */
  @Column('text', { name: 'shared_with_role', nullable: true })
  sharedWithRole: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;
}
