import type { SourceName } from '../../config/sources.js';
import type { RecordShape } from '../domain/record-conversion.js';

/** Where a source's records are kept. */
export interface Target {
  readonly table: 'person' | 'device_record' | 'subscribed_sku';
  /** Column that holds the record's id in its source. */
  readonly key: 'entra_id' | 'external_id' | 'sku_id';
  /** True when several sources share the table and a `source` column tells them apart. */
  readonly shared: boolean;
  /**
   * Columns that this source writes; all others of the table are somebody else's. What does not have a column of its own
   * is kept in `attributes`.
   */
  readonly columns: readonly string[];
}

/** One collection of Microsoft Graph and what becomes of it. */
export interface Source {
  readonly name: SourceName;
  /** What people call it. */
  readonly label: string;
  /** Least permission (application) that reads it, from Microsoft's permission reference. */
  readonly permission: string;
  /** Graph's throttling treats the directory and Intune apart. */
  readonly lane: 'directory' | 'intune';
  /** True when a tenant may lack the licence or consent for it. */
  readonly optional: boolean;
  /** Path of the complete list with its query. */
  readonly listPath: string;
  /** Path of the delta function with its query, or null where Graph has none (all of Intune). */
  readonly deltaPath: string | null;
  /** Most records on a page of the list, or null where it is not documented. */
  readonly pageSize: number | null;
  /** Resource units of one page of the list (Microsoft Graph throttling limits). */
  readonly resourceUnitsPerPage: number;
  readonly shape: RecordShape;
  readonly target: Target;
}

/** The columns that a shape fills, in a stable order. */
export function columnsOf(shape: RecordShape, derived: readonly string[] = []): string[] {
  const columns = shape.properties.flatMap((map) => (map.column === undefined ? [] : [map.column]));
  const attributes = shape.properties.some((map) => map.column === undefined) ? ['attributes'] : [];
  return [...new Set([...columns, ...derived, ...attributes])];
}

/** Name of the staging table of a source: one each, so that runs of different sources never wait for one another. */
export function stagingTable(source: { readonly name: SourceName }): string {
  return `sync_staging_${source.name.replaceAll('-', '_')}`;
}
