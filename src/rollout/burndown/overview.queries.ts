import { Injectable } from '@nestjs/common';
import { NO_FIGURES, type BurndownFigures } from '../domain/burndown/figures.js';
import {
  BurndownQueries,
  type Baseline,
  type DayOfSeries,
  type FiguresOfDay,
  type FiguresOfPart,
} from './burndown.queries.js';
import { ForecastQueries, type DatedForecast } from './forecast.queries.js';
import type { ProgrammeDay } from './programme-day.queries.js';

/** Everything that the overview of a programme shows as at a day. */
export interface Overview {
  readonly on: ProgrammeDay;
  readonly baseline: Baseline;
  readonly counted: FiguresOfDay;
  /** Of the programme as a whole. */
  readonly whole: BurndownFigures;
  /** Every day from the first until the one that is looked at. */
  readonly series: readonly DayOfSeries[];
  readonly forecast: DatedForecast;
}

/** Puts together what directors look at. */
@Injectable()
export class OverviewQueries {
  constructor(
    private readonly burndown: BurndownQueries,
    private readonly forecasts: ForecastQueries,
  ) {}

  async of(on: ProgrammeDay, now: Date): Promise<Overview> {
    const [baseline, counted, snapshots, forecast] = await Promise.all([
      this.burndown.baseline(on.programmeId),
      this.burndown.on(on.programmeId, on.day, now),
      this.burndown.series(on.programmeId),
      this.forecasts.forecast(on.programmeId, on.day),
    ]);
    const whole = figuresOf(counted.parts);
    const before = snapshots.filter(({ day }) => day < on.day);
    return { on, baseline, counted, whole, series: [...before, { day: on.day, figures: whole }], forecast };
  }
}

function figuresOf(parts: readonly FiguresOfPart[]): BurndownFigures {
  return parts.find(({ dimension }) => dimension === 'all')?.figures ?? NO_FIGURES;
}
