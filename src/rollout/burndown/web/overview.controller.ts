import { Controller } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { InputError } from '../../../common/errors.js';
import { ListQuery } from '../../../web/list-page.js';
import type { RawQuery } from '../../../web/list-request.js';
import { pageView, type PageView } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { ParametersPipe } from '../../../web/parameters.pipe.js';
import { paths } from '../../../web/paths.js';
import { LEARNED_WEEKS } from '../../domain/burndown/futures.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { OnDayParameters } from '../api/day-lists.parameters.js';
import { ForecastQueries } from '../forecast.queries.js';
import { OverviewQueries } from '../overview.queries.js';
import { ProgrammeDayQueries, type ProgrammeDay } from '../programme-day.queries.js';
import { forecastWords } from './forecast-words.js';
import { overviewView } from './overview.view.js';

const pipe = new ParametersPipe();

/** What directors look at: where the rollout stands, how it came there, and when it will be over. */
@Controller('rollout')
export class RolloutOverviewController {
  constructor(
    private readonly programmes: ProgrammeQueries,
    private readonly days: ProgrammeDayQueries,
    private readonly overviews: OverviewQueries,
    private readonly forecasts: ForecastQueries,
  ) {}

  @Page('')
  @Access('rollout:read')
  async overview(@ListQuery() query: RawQuery): Promise<PageView> {
    const now = new Date();
    const { on, error } = await this.dayOf(query, now);
    if (on === null) return this.noProgramme();
    const view = overviewView(await this.overviews.of(on, now), now);
    const asked = typeof query['on'] === 'string' && error !== null ? { on: query['on'] } : {};
    return pageView(
      'rollout/burndown/web/overview.njk',
      { ...view, ...asked, dayError: error },
      { status: error === null ? 200 : 400 },
    );
  }

  @Page('forecast')
  @Access('rollout:read')
  async forecast(@ListQuery() query: RawQuery): Promise<PageView> {
    const now = new Date();
    const { on, error } = await this.dayOf(query, now);
    if (on === null) return this.noProgramme();
    const { programme, programmeId, day, today } = on;
    const [forecast, test] = await Promise.all([
      this.forecasts.forecast(programmeId, day),
      this.forecasts.backTest(programmeId, day),
    ]);
    const share = (held: number, of: number): string => (of === 0 ? '–' : `${Math.round((held / of) * 100)}`);
    const made = test?.forecasts ?? 0;
    return pageView(
      'rollout/burndown/web/forecast.njk',
      {
        title: 'When the rollout will be over',
        overviewHref: paths.rollout(day === today ? undefined : day),
        forecast: forecastWords(forecast, programme.targetOn),
        learnedWeeks: LEARNED_WEEKS,
        made,
        held: test?.held ?? 0,
        share: share(test?.held ?? 0, made),
        tests: (test?.byWeeks ?? [])
          .filter(({ forecasts }) => forecasts > 0)
          .map((tested) => ({ ...tested, share: `${share(tested.held, tested.forecasts)} %` })),
      },
      { status: error === null ? 200 : 400 },
    );
  }

  /** The day that is asked for; with what is wrong with it, today. */
  private async dayOf(query: RawQuery, now: Date): Promise<{ on: ProgrammeDay | null; error: string | null }> {
    const asked = query['on'] === '' ? {} : query;
    try {
      const { on } = (await pipe.transform(asked, { type: 'query', metatype: OnDayParameters })) as OnDayParameters;
      return { on: await this.days.of(on, now), error: null };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const wrong = error.fields.find(({ field }) => field === 'on');
      if (wrong === undefined) throw error;
      return { on: await this.days.of(undefined, now), error: wrong.message };
    }
  }

  private async noProgramme(): Promise<PageView> {
    const programme = await this.programmes.current();
    return pageView('rollout/burndown/web/no-programme.njk', { title: 'Rollout', planned: programme?.name ?? null });
  }
}
