import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { NetworkImport } from './network-import.entity.js';

/** Share of premises that coverage reaches in an area, as the regulator publishes it. Context only: it says nothing of one home. */
@Entity('area_coverage')
@Check('area_coverage_kind_check', `area_kind in ('authority', 'postcode_district')`)
@Index('area_coverage_import_index', { synchronize: false })
export class AreaCoverage {
  @PrimaryColumn('text', { name: 'area_kind', primaryKeyConstraintName: 'area_coverage_pkey' })
  areaKind: string;

  @PrimaryColumn('text', { name: 'area_code', primaryKeyConstraintName: 'area_coverage_pkey' })
  areaCode: string;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'area_coverage_pkey' })
  snapshot: string;

  @Column('text', { name: 'area_name', nullable: true })
  areaName: string | null;

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
