import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { SearchField } from './domain/search-fields.js';

/**
 * One text by which a machine, a person or a model is found. The database keeps the table in step with the records
 * (src/database/migrations/1795479100000-search-the-estate.ts); nothing else writes it.
 */
@Entity('search_entry')
@Check('search_entry_kind_check', `kind in ('device', 'person', 'former-person', 'model')`)
@Check(
  'search_entry_field_check',
  `field in ('serial-number', 'asset-tag', 'hostname', 'former-hostname', 'name', 'user-principal-name', 'mail', 'model')`,
)
@Index('search_entry_key_index', ['kind', 'key', 'recordId'])
@Index('search_entry_lookalike_index', { synchronize: false })
export class SearchEntry {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'search_entry_pkey' })
  kind: 'device' | 'person' | 'former-person' | 'model';

  /** Id of the machine, the person or the `search_model`. */
  @PrimaryColumn('integer', { name: 'record_id', primaryKeyConstraintName: 'search_entry_pkey' })
  recordId: number;

  /** The text as it is compared; names begin with each of their words in turn. */
  @PrimaryColumn('text', { collation: 'C', primaryKeyConstraintName: 'search_entry_pkey' })
  key: string;

  /** The key of a serial number, tag or hostname with O as 0 and I and L as 1; null for names and models. */
  @Column({ type: 'text', collation: 'C', nullable: true })
  lookalike: string | null;

  @Column('text')
  field: SearchField;

  /** The text as the record has it. */
  @Column('text')
  shown: string;
}

/** A manufacturer and model by which machines are found. */
@Entity('search_model')
@Unique('search_model_name_key', ['name'])
export class SearchModel {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'search_model_pkey' })
  id: number;

  @Column('text')
  name: string;
}

/** A record that changed and whose texts were not brought in step yet. */
@Entity('search_pending')
@Check('search_pending_kind_check', `kind in ('device', 'person')`)
export class SearchPending {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'search_pending_pkey' })
  kind: 'device' | 'person';

  @PrimaryColumn('integer', { name: 'record_id', primaryKeyConstraintName: 'search_pending_pkey' })
  recordId: number;

  @Column('timestamptz', { name: 'waiting_since', default: () => 'now()' })
  waitingSince: Date;
}
