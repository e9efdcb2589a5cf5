import { SOURCE_NAMES } from '../config/sources.js';
import { choice, flag, instant, list, orNull, record, text, whole, type Schema } from '../web/api-schema.js';
import { HOLD_STATES, REMOVALS } from './holds.queries.js';
import { SOURCE_STATES } from './source-status.js';
import { RUN_KINDS, RUN_STAGES } from './sync.queries.js';
import { RUN_STATUSES, RUN_TRIGGERS } from './sync.types.js';

/** Members of a run. */
export const runMembers: Record<string, Schema> = {
  id: whole(),
  source: choice(SOURCE_NAMES),
  trigger: choice(RUN_TRIGGERS),
  kind: choice(RUN_KINDS),
  dryRun: flag('True when the run only looked and applied nothing.'),
  status: choice(RUN_STATUSES),
  stage: choice(RUN_STAGES),
  startedAt: instant(),
  finishedAt: orNull(instant()),
  expectedRows: orNull(whole('Records that the source announced, where it does.')),
  pages: whole(),
  rowsRead: whole(),
  added: whole(),
  changed: whole(),
  unchanged: whole(),
  returned: whole('Records that had been absent and are shown again.'),
  absent: whole('Records that the source did not show for the first time.'),
  missing: whole('Records that two complete reads did not show.'),
  gone: whole('Records that have been missing for 30 days.'),
  held: whole('Removals that wait for a person.'),
  quarantined: whole('Records set aside because something is wrong with them.'),
  ignored: whole(),
  sanitised: whole('Values that were cleaned before they were stored.'),
  unknownProperties: whole(),
  requests: whole(),
  minimumRequests: whole('Requests that the read takes when nothing has to be repeated.'),
  retries: whole(),
  resourceUnits: whole("Microsoft's measure of what the requests cost."),
  minimumResourceUnits: whole('What the read costs when nothing has to be repeated.'),
  throttledMilliseconds: whole('Time spent waiting because Microsoft asked for it.'),
  note: orNull(text()),
  errorCode: orNull(text()),
  errorMessage: orNull(text()),
  errorFix: orNull(text('What to do about the error.')),
};

/** What a run set aside, by field and reason. */
export const quarantine = list(
  record({
    field: text(),
    reason: text(),
    records: whole(),
    examples: list(orNull(text()), 'Some of their ids in the source.'),
  }),
);

/** Members of a hold. */
export const holdMembers: Record<string, Schema> = {
  id: whole(),
  source: choice(SOURCE_NAMES),
  kind: choice(['removals', 'everything'], 'Whether the removals wait or all that the run read.'),
  runId: whole(),
  reason: text(),
  openedAt: instant(),
  records: whole('How many records it is about.'),
};

/** Members of a hold, open or closed, as lists show it. */
export const holdViewMembers: Record<string, Schema> = {
  ...holdMembers,
  state: choice(HOLD_STATES),
  closedAt: orNull(instant()),
  closedBy: orNull(text()),
  closeReason: orNull(text()),
};

/** Members of one record of a hold. */
export const holdItemMembers: Record<string, Schema> = {
  externalId: text('Id of the record in its source.'),
  removal: choice(REMOVALS, 'How it would go.'),
  name: orNull(text('What the record is called here.')),
  personId: orNull(whole('The person that it is.')),
  deviceId: orNull(whole('The device that it is a record of.')),
};

/** Members of a hold with its records. */
export const holdDetailMembers: Record<string, Schema> = {
  ...holdMembers,
  state: choice(['held', 'released', 'expired']),
  closedAt: orNull(instant()),
  closeReason: orNull(text()),
  items: list(
    record({
      externalId: text('Id of the record in its source.'),
      removal: choice(['absent', 'changed', 'deleted']),
      name: orNull(text('What the record is called here.')),
    }),
    'The first 1,000 of the records.',
  ),
};

/** Members of a source's status. */
export const sourceMembers: Record<string, Schema> = {
  source: choice(SOURCE_NAMES),
  label: text(),
  optional: flag('True when a tenant may lack the licence or consent for it.'),
  permission: text('The permission of Microsoft Graph that reading it needs.'),
  state: choice(SOURCE_STATES, '`not-allowed` means that the permission or licence is missing.'),
  lastSuccessAt: orNull(instant()),
  nextDueAt: orNull(instant()),
  pausedAt: orNull(instant()),
  pauseReason: orNull(text()),
  rowsPresent: whole('Records that the source shows at present.'),
  lastRun: orNull(record(runMembers)),
  hold: orNull(record(holdMembers)),
};
