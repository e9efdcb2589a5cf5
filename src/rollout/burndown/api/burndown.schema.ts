import { anyObject, choice, instant, list, orNull, record, text, whole, type Schema } from '../../../web/api-schema.js';
import { DIMENSIONS } from '../../domain/burndown/figures.js';

const day = (description: string): Schema => ({ ...text(description), format: 'date' });
const counts = (of: string): Schema => anyObject(`Numbers of ${of}; what is not named is none.`);

const figures = record({
  people: counts('people by the state of their move'),
  atRisk: whole('Booked, and not ready any more.'),
  desktops: counts('desktops by state'),
  peopleIn: counts('people who came into the scope since the rollout began, by why'),
  peopleOut: counts('people who left the scope since, by why'),
  desktopsIn: counts('desktops that came into the scope since, by why'),
  desktopsOut: counts('desktops that left the scope since, by why'),
});

/** The figures of the programme as at a day. */
export const rolloutFigures = record({
  programme: record({
    id: whole(),
    name: text(),
    state: choice(['running', 'closed']),
    startedOn: day('When the baseline was frozen.'),
    targetOn: day('By when it is meant to be done.'),
  }),
  on: day('The figures are those of the end of this day in the UK, or of now while it lasts.'),
  kind: choice(
    ['snapshot', 'late', 'now'],
    'Kept since the night after the day, counted afterwards from the history, or counted just now.',
  ),
  takenAt: instant('When they were counted.'),
  dataAge: anyObject('When each source had last been read in full; null when that is not known.'),
  baseline: record({ people: whole(), desktops: whole() }, 'What was there when the rollout began.'),
  parts: list(
    record({ dimension: choice(DIMENSIONS), value: text('Empty where it is not known, and for `all`.'), figures }),
    'The programme as a whole (`all`), and its parts.',
  ),
});

/** The burndown, day by day. */
export const burndownDays = record({
  items: list(
    record({
      day: day('The end of this day in the UK.'),
      desktopsRemaining: whole(),
      desktopsRecovered: whole('Wiped or not.'),
      desktopsWiped: whole(),
      desktopsIn: whole('Came into the scope since the rollout began.'),
      desktopsOut: whole('Left it since.'),
      peopleInScope: whole(),
      peopleIn: whole('Came into the scope since the rollout began.'),
      peopleOut: whole('Left it since.'),
      ready: whole(),
      booked: whole(),
      atRisk: whole('Among the booked.'),
      blocked: whole(),
      done: whole('Laptop received, desktop recovered and wiped.'),
    }),
  ),
});

const shareOfForecasts = { forecasts: whole('Forecasts whose outcome is known.'), held: whole('Ranges that held it.') };

/** When the last desktop will be back. */
export const rolloutForecast = record({
  madeOn: orNull(day('The last day of which anything was known; null before the first snapshot.')),
  earliest: orNull(day('One future in ten is over by this day; null without a forecast.')),
  middle: orNull(day('Half of them are.')),
  latest: orNull(day('Nine in ten are; null when that takes longer than five years.')),
  whyNone: orNull(
    choice(['nothing-left', 'too-early', 'no-throughput', 'not-falling'], 'Why there is no forecast; null with one.'),
  ),
  method: orNull(
    record({
      weeks: whole('Weeks that it was learned from.'),
      appointments: whole('Appointments ahead that it counts on.'),
      runs: whole('Futures that were played through.'),
      seed: whole('Of the random numbers, xoshiro128**.'),
    }),
  ),
  backTest: orNull(
    record({
      ...shareOfForecasts,
      byWeeks: list(record({ weeks: whole('Weeks ahead.'), ...shareOfForecasts })),
    }),
  ),
});
