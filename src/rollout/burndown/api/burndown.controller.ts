import type { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { NotFoundError } from '../../../common/errors.js';
import { Answers } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { NO_FIGURES } from '../../domain/burndown/figures.js';
import { BURNDOWN_DAY_COLUMNS, burndownDay, type BurndownDay } from '../burndown-days.columns.js';
import { BurndownQueries } from '../burndown.queries.js';
import { ForecastQueries } from '../forecast.queries.js';
import { oldestOf, ProgrammeDayQueries, type ProgrammeDay } from '../programme-day.queries.js';
import { BurndownParameters } from './burndown.parameters.js';
import { burndownDays, rolloutFigures, rolloutForecast } from './burndown.schema.js';
import { OnDayParameters } from './day-lists.parameters.js';

/** Where the rollout stands, how it came there, and when it will be over. */
@ApiTags('Rollout')
@Controller('api/v1/rollout')
export class BurndownController {
  constructor(
    private readonly days: ProgrammeDayQueries,
    private readonly burndown: BurndownQueries,
    private readonly forecasts: ForecastQueries,
  ) {}

  @Get()
  @Access('rollout:read')
  @Answers({
    summary: 'Show the figures of the rollout as at the end of a day',
    schema: rolloutFigures,
    refusals: [404],
  })
  async figures(@Query() { on }: OnDayParameters): Promise<object> {
    const now = new Date();
    const { programme, programmeId, day, firstDay } = await this.dayOf(on, now);
    const [baseline, counted] = await Promise.all([
      this.burndown.baseline(programmeId),
      this.burndown.on(programmeId, day, now),
    ]);
    const { id, name, state, targetOn } = programme;
    const { kind, takenAt, dataAge, parts } = counted;
    return {
      programme: { id, name, state, startedOn: firstDay, targetOn },
      ...{ on: day, kind, takenAt, dataAge, baseline, parts },
    };
  }

  @Get('burndown')
  @Access('rollout:read')
  @Answers({ summary: 'List the figures of the rollout day by day', schema: burndownDays, refusals: [404] })
  async list(@Query() parameters: BurndownParameters): Promise<{ items: readonly BurndownDay[] }> {
    const now = new Date();
    return { items: await this.daysUntil(await this.dayOf(parameters.on, now), parameters, now) };
  }

  @Get('burndown.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export the figures of the rollout day by day', order: 'the first day first' })
  async csv(
    @Query() parameters: BurndownParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    const now = new Date();
    const on = await this.days.of(parameters.on, now);
    const [items, age] = await Promise.all([
      on === null ? [] : this.daysUntil(on, parameters, now),
      on === null ? {} : this.days.dataAge(on.day, now),
    ]);
    return sendCsv(reply, {
      name: on === null ? 'rollout-burndown' : `rollout-burndown-until-${on.day}`,
      columns: BURNDOWN_DAY_COLUMNS,
      page: () => Promise.resolve({ items, next: null, asOf: oldestOf(age) }),
    });
  }

  @Get('forecast')
  @Access('rollout:read')
  @Answers({
    summary: 'Forecast when the last desktop of the rollout will be back',
    description: 'From what was known at the end of a day and nothing later, with how such forecasts did until then.',
    schema: rolloutForecast,
    refusals: [404],
  })
  async forecast(@Query() { on }: OnDayParameters): Promise<object> {
    const { programmeId, day } = await this.dayOf(on, new Date());
    const [found, backTest] = await Promise.all([
      this.forecasts.forecast(programmeId, day),
      this.forecasts.backTest(programmeId, day),
    ]);
    return { ...forecastAnswer(found), backTest };
  }

  private async dayOf(on: string | undefined, now: Date): Promise<ProgrammeDay> {
    const day = await this.days.of(on, now);
    if (day === null) throw new NotFoundError('No rollout has begun yet.');
    return day;
  }

  private async daysUntil(
    { programmeId, day: last }: ProgrammeDay,
    { dimension = 'all', value = '' }: BurndownParameters,
    now: Date,
  ): Promise<readonly BurndownDay[]> {
    const [snapshots, { parts }] = await Promise.all([
      this.burndown.series(programmeId, dimension, value),
      this.burndown.on(programmeId, last, now),
    ]);
    const figures = parts.find((part) => part.dimension === dimension && part.value === value)?.figures ?? NO_FIGURES;
    return [...snapshots.filter(({ day }) => day < last), { day: last, figures }].map(burndownDay);
  }
}

function forecastAnswer(found: Awaited<ReturnType<ForecastQueries['forecast']>>): object {
  if (found.kind === 'none') {
    const { madeOn, reason } = found;
    return { madeOn, earliest: null, middle: null, latest: null, whyNone: reason, method: null };
  }
  const { madeOn, earliest, middle, latest, weeks, appointments, runs, seed } = found;
  return { madeOn, earliest, middle, latest, whyNone: null, method: { weeks, appointments, runs, seed } };
}
