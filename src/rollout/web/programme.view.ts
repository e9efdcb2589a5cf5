import { shownNumber } from '../../common/shown-number.js';
import { shownDay, shownTime } from '../../common/uk-time.js';
import type { ActorWords } from '../../directory/actor-names.queries.js';
import { paths } from '../../web/paths.js';
import type { CurrentProgramme, ProgrammeRecord } from '../programme.queries.js';
import { DESKTOP_LEFT_OUT_WORDS, PERSON_LEFT_OUT_WORDS, type ScopePreview } from '../scope-preview.queries.js';

interface Line {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
  readonly link?: string;
}

export const PROGRAMME_STATE_WORDS = { draft: 'Planned', running: 'Running', closed: 'Closed' } as const;

/** What a programme is, line by line. */
export function programmeFacts(
  programme: CurrentProgramme,
  record: ProgrammeRecord,
  actors: ActorWords,
  now: Date,
): Line[] {
  const { scope, baselineAt, backfilledUntil } = programme;
  const all = (names: readonly string[], everything: string): string =>
    names.length === 0 ? everything : names.join(', ');
  return [
    { label: 'State', value: PROGRAMME_STATE_WORDS[programme.state] },
    { label: 'From', value: shownDay(programme.startsOn) },
    { label: 'Done by', value: shownDay(programme.targetOn) },
    { label: 'Planned by', value: actors(record.createdBy) },
    { label: 'Directorates', value: all(scope.directorates, 'All') },
    { label: 'Sites', value: all(scope.sites, 'All') },
    { label: 'Employee types that do not take part', value: all(scope.exceptEmployeeTypes, 'None') },
    { label: 'Teams that do not take part', value: all(scope.exceptTeams, 'None') },
    { label: 'People without a desktop', value: scope.includePeopleWithoutDesktop ? 'Take part' : 'Do not take part' },
    ...(baselineAt === null
      ? []
      : [
          {
            label: 'Baseline',
            value: `${shownNumber(record.people)} people and ${shownNumber(record.desktops)} desktops`,
            note: `Frozen ${shownTime(baselineAt, now)?.text ?? ''}.`,
          },
          { label: 'Settings', value: `Version ${programme.settingsVersion}`, link: paths.rolloutSettings() },
        ]),
    ...(backfilledUntil === null
      ? []
      : [{ label: 'Taken over from records kept elsewhere', value: `Until ${shownTime(backfilledUntil, now)?.text}` }]),
    ...(record.closed === null ? [] : closedLines(record.closed, actors, now)),
  ];
}

function closedLines(closed: NonNullable<ProgrammeRecord['closed']>, actors: ActorWords, now: Date): Line[] {
  return [
    { label: 'Closed', value: shownTime(closed.at, now)?.text ?? 'Not known when', note: actors(closed.by) },
    { label: 'Why', value: closed.reason ?? 'Nobody said' },
  ];
}

/** What a scope would take in and leave out, in numbers and words. */
export function scopeView({ people, desktops, directorates }: ScopePreview): object {
  return {
    people: people.inScope,
    withDesktop: people.withDesktop,
    desktops: desktops.inScope,
    withoutUser: desktops.withoutUser,
    peopleLeftOut: people.leftOut.map(({ reason, count }) => ({
      text: PERSON_LEFT_OUT_WORDS[reason],
      count,
      href: paths.leftOutOfProgramme(reason),
    })),
    desktopsLeftOut: desktops.leftOut.map(({ reason, count }) => ({ text: DESKTOP_LEFT_OUT_WORDS[reason], count })),
    directorates: directorates.map((row) => ({ ...row, directorate: row.directorate ?? 'Not in the directory' })),
  };
}
