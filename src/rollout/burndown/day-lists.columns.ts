import { columnsOf, type NamedColumn } from '../../common/csv-columns.js';
import type { DesktopOnDay, DesktopScopeChange } from './desktops-on-day.queries.js';
import type { MoveOnDay, PersonScopeChange } from './moves-on-day.queries.js';

/** People as they stood at the end of a day. */
export const MOVE_ON_DAY_COLUMNS = columnsOf<MoveOnDay>({
  id: 'Number of the move',
  name: 'Name',
  entraId: 'Entra ID',
  state: 'State',
  stateSince: 'Since',
  scopeReason: 'Why in or out of scope',
  readiness: 'Readiness',
  atRisk: 'At risk',
  workStyle: 'Work style',
  directorate: 'Directorate',
  team: 'Team',
  site: 'Site',
  oldestDesktopAt: 'Oldest desktop enrolled',
  inBaseline: 'In the baseline',
});

/** Desktops as they stood at the end of a day. */
export const DESKTOP_ON_DAY_COLUMNS = columnsOf<DesktopOnDay>({
  id: 'Number of the machine',
  name: 'Hostname',
  serialNumber: 'Serial number',
  model: 'Model',
  state: 'State',
  stateSince: 'Since',
  scopeReason: 'Why in or out of scope',
  workStyle: 'Work style',
  directorate: 'Directorate',
  team: 'Team',
  site: 'Site',
  enrolledAt: 'Enrolled',
  inBaseline: 'In the baseline',
});

/** People who came into the scope or left it. */
export const PERSON_SCOPE_COLUMNS = columnsOf<PersonScopeChange>({
  at: 'When',
  id: 'Number of the move',
  name: 'Name',
  entraId: 'Entra ID',
  direction: 'In or out',
  reason: 'Why',
  state: 'State',
  workStyle: 'Work style',
  directorate: 'Directorate',
  team: 'Team',
  site: 'Site',
});

/** Desktops that came into the scope or left it. */
export const DESKTOP_SCOPE_COLUMNS = columnsOf<DesktopScopeChange>({
  at: 'When',
  id: 'Number of the machine',
  name: 'Hostname',
  serialNumber: 'Serial number',
  direction: 'In or out',
  reason: 'Why',
  state: 'State',
  workStyle: 'Work style',
  directorate: 'Directorate',
  team: 'Team',
  site: 'Site',
});

/** Where a file comes from; the same in each of its rows. */
export interface Provenance {
  /** Day with whose end everything was so (ISO 8601, UK). */
  readonly asAt: string;
  readonly exportedAt: string;
  /** How old the data was at that time; null when nobody knows. */
  readonly dataAsOf: string | null;
  /** What the file was narrowed to, as an address has it. */
  readonly query: string;
  /** What it leaves out, in words. */
  readonly leavesOut: string;
}

/**
 * Columns with where the file comes from behind them. They are columns because lines before the headings break what reads
 * such files, and a second file would get lost.
 */
export function withProvenance<Row>(
  columns: readonly NamedColumn<Row>[],
  { asAt, exportedAt, dataAsOf, query, leavesOut }: Provenance,
): readonly NamedColumn<Row>[] {
  const said = {
    'As at the end of': asAt,
    'Exported at': exportedAt,
    'Data as of': dataAsOf,
    Query: query,
    'Leaves out': leavesOut,
  };
  return [...columns, ...Object.entries(said).map(([header, value]) => ({ name: header, header, value: () => value }))];
}
