import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { BurndownFigures, Dimension } from '../domain/burndown/figures.js';
import { RolloutProgramme } from '../rollout-programme.entity.js';

const KEY = 'burndown_snapshot_pkey';

/** What was counted at the end of a day (Europe/London) for one value of one dimension. Never changed. */
@Entity('burndown_snapshot')
@Check(
  'burndown_snapshot_dimension_check',
  `dimension in ('all', 'directorate', 'team', 'site', 'work_style', 'device_age')`,
)
@Index('burndown_snapshot_series_index', ['programmeId', 'dimension', 'value', 'onDate'])
export class BurndownSnapshot {
  @PrimaryColumn('integer', { name: 'programme_id', primaryKeyConstraintName: KEY })
  programmeId: number;

  @ManyToOne(() => RolloutProgramme, { nullable: false })
  @JoinColumn({ name: 'programme_id', foreignKeyConstraintName: 'burndown_snapshot_programme_fkey' })
  programme: Relation<RolloutProgramme>;

  @PrimaryColumn('date', { name: 'on_date', primaryKeyConstraintName: KEY })
  onDate: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: KEY })
  dimension: Dimension;

  /** Empty for the programme as a whole, and for those of whom the dimension is not known. */
  @PrimaryColumn('text', { primaryKeyConstraintName: KEY })
  value: string;

  @Column('jsonb')
  figures: BurndownFigures;

  /** When each source had last been read in full at the end of the day (ISO 8601); null when it never had. */
  @Column('jsonb', { name: 'data_age' })
  dataAge: Readonly<Record<string, string | null>>;

  @Column('timestamptz', { name: 'taken_at', default: () => 'now()' })
  takenAt: Date;

  /** Whether it was taken from the history afterwards, because nobody took it in the night of the day. */
  @Column('boolean', { name: 'made_late' })
  madeLate: boolean;
}
