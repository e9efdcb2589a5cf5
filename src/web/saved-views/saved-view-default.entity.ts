import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { SavedView } from './saved-view.entity.js';

/** The view with which a person begins a list. */
@Entity('saved_view_default')
export class SavedViewDefault {
  @PrimaryColumn('text', { name: 'person_entra_id', primaryKeyConstraintName: 'saved_view_default_pkey' })
  personEntraId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'saved_view_default_pkey' })
  list: string;

  @Index('saved_view_default_view_index')
  @Column('integer', { name: 'view_id' })
  viewId: number;

  @ManyToOne(() => SavedView, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'view_id', foreignKeyConstraintName: 'saved_view_default_view_fkey' })
  view: Relation<SavedView>;
}
