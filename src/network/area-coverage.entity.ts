import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  Unique,
  type Relation,
} from 'typeorm';
import type { AreaKind } from './import/domain/import-words.js';
import { NetworkImport } from './network-import.entity.js';

/** Share of premises that coverage reaches in an area, as the regulator publishes it. Context only: it says nothing of one home. */
@Entity('area_coverage')
@Unique('area_coverage_area_key', ['areaKind', 'areaCode', 'snapshot'])
@Check('area_coverage_kind_check', `area_kind in ('authority', 'postcode_district')`)
@Index('area_coverage_import_index', { synchronize: false })
@Index('area_coverage_title_index', { synchronize: false })
export class AreaCoverage {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'area_coverage_pkey' })
  id: number;

  @Column('text', { name: 'area_kind' })
  areaKind: AreaKind;

  /** Code of the Office for National Statistics, such as `E06000045`, or a postcode district, such as `SO14`. */
  @Column('text', { name: 'area_code' })
  areaCode: string;

  /** The day of the figures. */
  @Column('date')
  snapshot: string;

  @Column('text', { name: 'area_name', nullable: true })
  areaName: string | null;

  /** Postcodes that the figures are the mean of; null where they are the regulator’s own for the area. */
  @Column('integer', { nullable: true })
  postcodes: number | null;

  @Column('real', { name: 'superfast_percent', nullable: true })
  superfastPercent: number | null;

  @Column('real', { name: 'ultrafast_percent', nullable: true })
  ultrafastPercent: number | null;

  @Column('real', { name: 'full_fibre_percent', nullable: true })
  fullFibrePercent: number | null;

  @Column('real', { name: 'gigabit_percent', nullable: true })
  gigabitPercent: number | null;

  @Column('real', { name: 'below_universal_service_percent', nullable: true })
  belowUniversalServicePercent: number | null;

  @Column('real', { name: 'mobile_4g_any_percent', nullable: true })
  mobile4gAnyPercent: number | null;

  @Column('real', { name: 'mobile_4g_all_percent', nullable: true })
  mobile4gAllPercent: number | null;

  @Column('real', { name: 'mobile_5g_any_percent', nullable: true })
  mobile5gAnyPercent: number | null;

  @ManyToOne(() => NetworkImport, { nullable: true })
  @JoinColumn({ name: 'import_id', foreignKeyConstraintName: 'area_coverage_import_fkey' })
  import: Relation<NetworkImport> | null;
}
