import { shownDay } from '../../../common/uk-time.js';
import { FEWEST_WEEKS } from '../../domain/burndown/futures.js';
import type { NoForecastReason } from '../../domain/burndown/forecast.js';
import type { DatedForecast } from '../forecast.queries.js';

/** A forecast in sentences. */
export interface ForecastWords {
  readonly headline: string;
  readonly sentences: readonly string[];
}

const NO_FORECAST: Readonly<Record<NoForecastReason, string>> = {
  'nothing-left': 'No forecast, because no desktop remains.',
  'too-early': `No forecast, because the rollout has not run for ${FEWEST_WEEKS} weeks yet. It is made from how the weeks so far went.`,
  'no-throughput': 'No forecast, because no desktop came back in the last weeks and no appointment is booked.',
  'not-falling':
    'No forecast, because the number of desktops has not been falling steadily: in half of the futures that were played through it takes more than five years.',
};

/** Says what the forecast is and what it is made from. @param target day by which the programme means to be done. */
export function forecastWords(forecast: DatedForecast, target: string): ForecastWords {
  if (forecast.kind === 'none') return { headline: NO_FORECAST[forecast.reason], sentences: [] };
  const { madeOn, earliest, middle, latest, weeks, appointments, runs, seed } = forecast;
  const headline =
    latest === null
      ? `The last desktop will be back not before ${shownDay(earliest)}; how late, nobody can tell.`
      : `The last desktop will be back between ${shownDay(earliest)} and ${shownDay(latest)}.`;
  const against =
    target < earliest
      ? 'The target is before this range.'
      : latest !== null && target > latest
        ? 'The target is after this range.'
        : 'The target lies within this range.';
  return {
    headline,
    sentences: [
      `Eight futures in ten end in this range, half of them by ${shownDay(middle)}. ${against}`,
      `Made from what was known at the end of ${shownDay(madeOn)}: ${weeks} weeks and ${appointments} appointments ahead; ` +
        `${runs.toLocaleString('en-GB')} futures, seed ${seed}.`,
    ],
  };
}
