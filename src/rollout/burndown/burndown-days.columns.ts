import { columnsOf } from '../../common/csv-columns.js';
import { countOf, desktopsRecovered, desktopsRemaining, peopleInScope } from '../domain/burndown/figures.js';
import type { DayOfSeries } from './burndown.queries.js';

/** One day of the burndown in plain numbers. */
export interface BurndownDay {
  readonly day: string;
  readonly desktopsRemaining: number;
  readonly desktopsRecovered: number;
  readonly desktopsWiped: number;
  readonly desktopsIn: number;
  readonly desktopsOut: number;
  readonly peopleInScope: number;
  readonly peopleIn: number;
  readonly peopleOut: number;
  readonly ready: number;
  readonly booked: number;
  readonly atRisk: number;
  readonly blocked: number;
  readonly done: number;
}

/** Puts what was counted on a day into plain numbers. */
export function burndownDay({ day, figures }: DayOfSeries): BurndownDay {
  const { people, desktops, atRisk } = figures;
  return {
    day,
    desktopsRemaining: desktopsRemaining(figures),
    desktopsRecovered: desktopsRecovered(figures),
    desktopsWiped: desktops.wiped ?? 0,
    desktopsIn: countOf(figures.desktopsIn),
    desktopsOut: countOf(figures.desktopsOut),
    peopleInScope: peopleInScope(figures),
    peopleIn: countOf(figures.peopleIn),
    peopleOut: countOf(figures.peopleOut),
    ready: people.ready ?? 0,
    booked: people.scheduled ?? 0,
    atRisk,
    blocked: people.blocked ?? 0,
    done: people.closed ?? 0,
  };
}

export const BURNDOWN_DAY_COLUMNS = columnsOf<BurndownDay>({
  day: 'End of',
  desktopsRemaining: 'Desktops remaining',
  desktopsRecovered: 'Desktops recovered',
  desktopsWiped: 'Desktops wiped',
  desktopsIn: 'Desktops that came into the scope',
  desktopsOut: 'Desktops that left the scope',
  peopleInScope: 'People in scope',
  peopleIn: 'People who came into the scope',
  peopleOut: 'People who left the scope',
  ready: 'People ready',
  booked: 'People booked',
  atRisk: 'People at risk',
  blocked: 'People blocked',
  done: 'People done',
});
