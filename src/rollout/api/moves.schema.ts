import {
  anyObject,
  choice,
  flag,
  instant,
  list,
  orNull,
  record,
  text,
  whole,
  type Schema,
} from '../../web/api-schema.js';
import { MOVE_DOUBTS } from '../domain/move-doubt.js';
import { MOVE_FACT_KINDS } from '../domain/move-fact.js';
import { DESKTOP_STATES, MOVE_STATES, READINESS_OUTCOMES, SCOPE_REASONS, WORK_STYLES } from '../domain/move-words.js';

const machineFields = { id: whole(), name: orNull(text()), serialNumber: orNull(text()), model: orNull(text()) };
const person = record({ id: whole('Number of the person in Untether.'), displayName: orNull(text()) });

const summaryFields: Record<string, Schema> = {
  id: whole('Number of the move.'),
  person: record({
    id: whole('Number of the person in Untether; 0 when the directory never had them.'),
    displayName: orNull(text()),
    entraId: text(),
  }),
  state: choice(MOVE_STATES),
  stateSince: instant('When the fact happened that brought the state.'),
  scopeReason: choice(SCOPE_REASONS, 'Why it is in the programme, or why not any more.'),
  readiness: orNull(choice(READINESS_OUTCOMES, 'Null until the rules have been asked. Unknown is never ready.')),
  atRisk: flag('Booked, and not ready any more.'),
  workStyle: orNull(choice(WORK_STYLES)),
  workStyleConfirmed: flag(),
  directorate: orNull(text()),
  team: orNull(text()),
  site: orNull(text()),
  manager: orNull(person),
  wave: orNull(record({ id: whole(), name: text() })),
  laptop: orNull(record(machineFields)),
  desktopCount: whole('Desktops that the person had at any time of the programme and that count.'),
  recoveredCount: whole(),
  wipedCount: whole(),
  appointmentAt: orNull(instant()),
  missedCount: whole('Appointments that were missed.'),
  deferredUntil: orNull(text('A day (ISO 8601).')),
  doubts: list(
    record({ kind: choice(MOVE_DOUBTS), deviceId: orNull(whole()), since: instant() }),
    'Facts and statements that disagree, or that do not come.',
  ),
  version: text('Send it as `If-Match` with a command.'),
};

/** A move in a list. */
export const moveSummary = record(summaryFields);

/** A move with everything behind it. */
export const wholeMove = record({
  ...summaryFields,
  programmeId: whole(),
  derivedAt: orNull(instant('When it was last worked out from its facts.')),
  desktops: list(
    record({
      ...machineFields,
      state: choice(DESKTOP_STATES),
      stateSince: instant(),
      userCount: whole('People who still use it.'),
      evidence: orNull(text('What proves the wipe.')),
      seenAfterRecoveryAt: orNull(instant()),
    }),
  ),
  facts: list(
    record({
      kind: choice(MOVE_FACT_KINDS),
      at: instant('When it was so.'),
      recordedAt: instant('When Untether learned it.'),
      details: anyObject('What goes with a fact of this kind.'),
      key: text('What it was read from.'),
      actor: text(),
      machine: orNull(record(machineFields)),
      retracted: flag('Whether it turned out to be wrong.'),
    }),
    'Newest first.',
  ),
  answers: list(
    record({
      question: text(),
      answer: text(),
      details: anyObject('What goes with the answer.'),
      actor: text(),
      at: instant(),
    }),
    'The latest answer to each question.',
  ),
});
