import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { boundedCount, type Count } from '../../database/bounded-count.js';
import { keysetPage } from '../../database/keyset-page.js';
import { SqlConditions, beginningWith, utc } from '../../database/sql-conditions.js';
import type { AreaKind } from '../import/domain/import-words.js';
import { areaSearch } from './domain/area-search.js';

/** Coverage of one area as published: shares of premises in percent, null where nothing was. */
export interface Area {
  readonly id: number;
  readonly kind: AreaKind;
  /** Code of a local authority, or a postcode district. */
  readonly code: string;
  readonly name: string | null;
  /** The day of the figures. */
  readonly snapshot: string;
  /** Postcodes that the figures are the mean of; null for figures that were published for the area itself. */
  readonly postcodes: number | null;
  readonly superfastPercent: number | null;
  readonly ultrafastPercent: number | null;
  readonly fullFibrePercent: number | null;
  readonly gigabitPercent: number | null;
  readonly belowUniversalServicePercent: number | null;
  readonly mobile4gAnyPercent: number | null;
  readonly mobile4gAllPercent: number | null;
  readonly mobile5gAnyPercent: number | null;
  /** Name of the file that the figures were imported from. */
  readonly file: string | null;
  readonly importedAt: string | null;
}

/** What the list of areas may be narrowed to. */
export interface AreaFilter {
  /** Part of an authority's name, its code, the beginning of a postcode district, or a postcode of it. */
  readonly search?: string | undefined;
  readonly kind?: AreaKind | undefined;
  /** Whether figures are shown that later ones have replaced. */
  readonly earlier?: boolean | undefined;
}

const AREA = `json_build_object('id', area_coverage.id, 'kind', area_coverage.area_kind, 'code', area_coverage.area_code,
  'name', area_coverage.area_name, 'snapshot', area_coverage.snapshot, 'postcodes', area_coverage.postcodes,
  'superfastPercent', area_coverage.superfast_percent, 'ultrafastPercent', area_coverage.ultrafast_percent,
  'fullFibrePercent', area_coverage.full_fibre_percent, 'gigabitPercent', area_coverage.gigabit_percent,
  'belowUniversalServicePercent', area_coverage.below_universal_service_percent,
  'mobile4gAnyPercent', area_coverage.mobile_4g_any_percent, 'mobile4gAllPercent', area_coverage.mobile_4g_all_percent,
  'mobile5gAnyPercent', area_coverage.mobile_5g_any_percent, 'file', network_import.file_name,
  'importedAt', ${utc('network_import.applied_at')})`;

/** Reads what is published of the coverage of areas. It is context: no verdict on a person or a site uses it. */
@Injectable()
export class AreasQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the areas, by name. */
  list(filter: AreaFilter, request: PageRequest): Promise<Page<Area>> {
    return keysetPage<Area>(
      this.dataSource,
      {
        table: 'area_coverage',
        joins: 'left join network_import on network_import.id = area_coverage.import_id',
        conditions: areasLike(filter),
        item: AREA,
        sources: [],
      },
      {
        name: 'name',
        by: { expression: 'lower(coalesce(area_coverage.area_name, area_coverage.area_code))', type: 'text' },
      },
      request,
    );
  }

  /** How many areas match. */
  count(filter: AreaFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'area_coverage', areasLike(filter));
  }
}

function areasLike({ search, kind, earlier }: AreaFilter): SqlConditions {
  const conditions = new SqlConditions().addGiven(kind, (value) => `area_coverage.area_kind = ${value}`);
  if (earlier !== true) {
    conditions.always(`not exists (select from area_coverage as later where later.area_kind = area_coverage.area_kind
      and later.area_code = area_coverage.area_code and later.snapshot > area_coverage.snapshot)`);
  }
  const { code, name } = areaSearch(search ?? '');
  if (name !== '') {
    const part = conditions.parameter(`%${beginningWith(name.toLowerCase())}`);
    const start = conditions.parameter(beginningWith(code));
    conditions.always(`lower(area_coverage.area_name) like ${part} or area_coverage.area_code like ${start}`);
  }
  return conditions;
}
