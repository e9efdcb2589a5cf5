import { shownDays, shownTime } from '../../../common/uk-time.js';
import { paths } from '../../../web/paths.js';
import { MOVE_STATE_WORDS, READINESS_WORDS, WORK_STYLE_WORDS } from '../../domain/move-words.js';
import type { MoveSummary } from '../../moves.queries.js';
import type { WaveSummary } from '../waves.queries.js';

/** Work styles to choose from, or any. */
export const WORK_STYLE_CHOICES: readonly { readonly value: string; readonly text: string }[] = [
  { value: 'any', text: 'Any' },
  ...Object.entries(WORK_STYLE_WORDS).map(([value, text]) => ({ value, text })),
];

/** The days of a wave in words. */
export function waveDays({ startsOn, endsOn }: Pick<WaveSummary, 'startsOn' | 'endsOn'>): string {
  return shownDays(startsOn, endsOn);
}

/** What the fields of a wave begin with, by their names. */
export function waveValues({ name, startsOn, endsOn, filter }: WaveSummary): Readonly<Record<string, string>> {
  return {
    name,
    ...dayParts('startsOn', startsOn),
    ...dayParts('endsOn', endsOn),
    membership: filter === null ? 'hand' : 'query',
    directorate: filter?.directorate ?? '',
    team: filter?.team ?? '',
    site: filter?.site ?? '',
    workStyle: filter?.workStyle ?? 'any',
  };
}

function dayParts(field: string, day: string): Readonly<Record<string, string>> {
  const [year = '', month = '', date = ''] = day.split('-');
  return { [`${field}-day`]: date, [`${field}-month`]: month, [`${field}-year`]: year };
}

/** How far a wave is, as facts for its page. */
export function waveFigures(
  wave: WaveSummary,
  { places, taken }: { readonly places: number; readonly taken: number },
): { readonly label: string; readonly value: string | number; readonly note?: string }[] {
  const { members, ready, notReady, unknown, booked, atRisk, done } = wave;
  return [
    { label: 'Days', value: waveDays(wave) },
    { label: 'Members', value: members },
    { label: 'Ready to book', value: ready },
    { label: 'Not ready', value: notReady },
    { label: 'Not known', value: unknown, note: 'What is not known never counts as ready.' },
    { label: 'Booked', value: booked, ...(atRisk > 0 ? { note: `${atRisk} of them at risk` } : {}) },
    { label: 'Have their laptop', value: done },
    {
      label: 'Places in its days',
      value: `${taken} of ${places} taken`,
      note: 'Of open slots at the usual sites of its members, whoever has them.',
    },
    { label: 'Query', value: queryWords(wave) },
  ];
}

function queryWords({ filter }: WaveSummary): string {
  if (filter === null) return 'None: members are chosen by hand';
  const { directorate, team, site, workStyle } = filter;
  const parts = [
    ...(directorate === undefined ? [] : [`directorate ${directorate}`]),
    ...(team === undefined ? [] : [`team ${team}`]),
    ...(site === undefined ? [] : [`site ${site}`]),
    ...(workStyle === undefined ? [] : [`work style ${WORK_STYLE_WORDS[workStyle].toLowerCase()}`]),
  ];
  return parts.length === 0 ? 'Everybody' : parts.join(', ');
}

/** A member of a wave in words. */
export function memberLine(move: MoveSummary, now: Date): object {
  return {
    name: move.person.displayName ?? 'Somebody without a name',
    href: paths.move(move.id),
    state: MOVE_STATE_WORDS[move.state],
    readiness: move.readiness === null ? 'Not asked yet' : READINESS_WORDS[move.readiness],
    atRisk: move.atRisk,
    team: move.team,
    site: move.site,
    appointment: shownTime(move.appointmentAt, now)?.text ?? '',
  };
}
