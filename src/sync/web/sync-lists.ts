import { shownTime } from '../../common/uk-time.js';
import { SOURCE_NAMES } from '../../config/sources.js';
import { optionsOf, yesOrNo, type ListDefinition } from '../../web/list-definition.js';
import { paths } from '../../web/paths.js';
import { HoldItemsParameters, HoldsParameters, RunsParameters } from '../api/sync.parameters.js';
import { HOLD_COLUMNS, HOLD_ITEM_COLUMNS } from '../hold.columns.js';
import type { HoldItem, HoldState, HoldView, Removal } from '../holds.queries.js';
import { RUN_COLUMNS } from '../run.columns.js';
import { SOURCES } from '../sources/registry.js';
import type { SyncRun } from '../sync.queries.js';
import { kindOf, RUN_TAGS } from './run.view.js';

const SOURCE_OPTIONS = SOURCE_NAMES.map((value) => ({ value, text: SOURCES[value].label }));

/** The runs of all sources, newest first. */
export const RUN_LIST: ListDefinition<SyncRun, RunsParameters> = {
  name: 'runs',
  title: 'Synchronisation runs',
  section: 'status',
  path: paths.runs(),
  one: 'run',
  many: 'runs',
  parameters: RunsParameters,
  fields: [
    { name: 'source', label: 'Source', kind: 'choice', options: SOURCE_OPTIONS },
    {
      name: 'status',
      label: 'Result',
      kind: 'choice',
      options: optionsOf(Object.fromEntries(Object.entries(RUN_TAGS).map(([status, { text }]) => [status, text]))),
    },
    { name: 'dryRun', label: 'Dry run', kind: 'choice', options: yesOrNo() },
    { name: 'startedFrom', label: 'Begun from', kind: 'day' },
    { name: 'startedTo', label: 'Begun to', kind: 'day' },
  ],
  columns: RUN_COLUMNS,
  shown: ['id', 'source', 'kind', 'status', 'startedAt', 'rowsRead', 'added', 'changed', 'missing', 'held'],
  sorts: {},
  defaultSort: null,
  numeric: [
    ...['expectedRows', 'pages', 'rowsRead', 'added', 'changed', 'unchanged', 'returned', 'absent', 'missing', 'gone'],
    ...['held', 'quarantined', 'ignored', 'sanitised', 'unknownProperties', 'requests', 'minimumRequests', 'retries'],
    ...['resourceUnits', 'minimumResourceUnits', 'throttledMilliseconds'],
  ],
  cells: {
    id: ({ id }) => ({ text: `Run ${id}`, href: paths.run(id) }),
    source: ({ source }) => ({ text: SOURCES[source].label }),
    kind: (run) => ({ text: kindOf(run) }),
    status: ({ status }) => ({ text: RUN_TAGS[status].text, tag: RUN_TAGS[status].classes }),
    startedAt: ({ startedAt }, now) => ({ time: shownTime(startedAt, now) }),
    finishedAt: ({ finishedAt }, now) => ({ time: shownTime(finishedAt, now) }),
  },
  file: { path: '/api/v1/sync/runs.csv', permission: 'sync:read' },
  nothing: 'There are no runs yet.',
};

const STATES: Readonly<Record<HoldState, string>> = {
  held: 'Waiting for a person',
  released: 'Released',
  expired: 'Not needed any more',
};
const STATE_TAGS: Readonly<Record<HoldState, string>> = {
  held: 'govuk-tag--orange',
  released: 'govuk-tag--green',
  expired: 'govuk-tag--grey',
};
const KINDS: Readonly<Record<HoldView['kind'], string>> = { removals: 'The removals', everything: 'The whole run' };

/** A hold with the words for who closed it. */
export type HoldRow = HoldView & { readonly closer: string };

/** What waits for a person, and what waited. */
export const HOLD_LIST: ListDefinition<HoldRow, HoldsParameters> = {
  name: 'held',
  title: 'Held removals',
  section: 'status',
  path: paths.held(),
  one: 'hold',
  many: 'holds',
  parameters: HoldsParameters,
  fields: [
    {
      name: 'state',
      label: 'State',
      kind: 'choice',
      open: STATES.held,
      options: optionsOf({ released: STATES.released, expired: STATES.expired, all: 'All' }),
    },
    { name: 'source', label: 'Source', kind: 'choice', options: SOURCE_OPTIONS },
  ],
  columns: HOLD_COLUMNS,
  shown: ['id', 'source', 'kind', 'records', 'reason', 'state', 'openedAt'],
  sorts: {},
  defaultSort: null,
  numeric: ['records'],
  cells: {
    id: ({ id }) => ({ text: `Hold ${id}`, href: paths.hold(id) }),
    source: ({ source }) => ({ text: SOURCES[source].label }),
    kind: ({ kind }) => ({ text: KINDS[kind] }),
    state: ({ state }) => ({ text: STATES[state], tag: STATE_TAGS[state] }),
    runId: ({ runId }) => ({ text: `Run ${runId}`, href: paths.run(runId) }),
    openedAt: ({ openedAt }, now) => ({ time: shownTime(openedAt, now) }),
    closedAt: ({ closedAt }, now) => ({ time: shownTime(closedAt, now) }),
    closedBy: ({ closer }) => ({ text: closer }),
  },
  file: { path: '/api/v1/sync/holds.csv', permission: 'sync:read' },
  nothing: 'Nothing is held: no removal waits for a person.',
};

const REMOVAL_NAMES: Readonly<Record<Removal, string>> = {
  absent: 'No longer shown',
  changed: 'Left by a change',
  deleted: 'Deleted in Microsoft Entra ID',
};

/** The records that one hold is about. */
export function holdItemList(hold: HoldView): ListDefinition<HoldItem, HoldItemsParameters> {
  return {
    name: null,
    title: `Hold ${hold.id}: ${SOURCES[hold.source].label}`,
    section: 'status',
    path: paths.hold(hold.id),
    one: 'record',
    many: 'records',
    parameters: HoldItemsParameters,
    fields: [{ name: 'removal', label: 'How it would go', kind: 'choice', options: optionsOf(REMOVAL_NAMES) }],
    columns: HOLD_ITEM_COLUMNS,
    shown: ['name', 'removal', 'externalId'],
    sorts: {},
    defaultSort: null,
    cells: {
      name: ({ name, personId, deviceId }) => {
        const text = name ?? 'Not stored here';
        if (personId !== null) return { text, href: paths.person(personId) };
        return deviceId === null ? { text } : { text, href: paths.device(deviceId) };
      },
      removal: ({ removal }) => ({ text: REMOVAL_NAMES[removal] }),
      personId: ({ personId }) => ({ text: personId === null ? '' : String(personId) }),
      deviceId: ({ deviceId }) => ({ text: deviceId === null ? '' : String(deviceId) }),
    },
    file: { path: `/api/v1/sync/holds/${hold.id}/items.csv`, permission: 'sync:read' },
    nothing: 'The hold is about the run as a whole and names no records.',
  };
}

/** What the page of a hold says above the list of its records. */
export function holdSummary(hold: HoldView, closedBy: string, now: Date): object {
  return {
    ...hold,
    tag: { text: STATES[hold.state], classes: STATE_TAGS[hold.state] },
    kindText: KINDS[hold.kind],
    opened: shownTime(hold.openedAt, now),
    closed: shownTime(hold.closedAt, now),
    closedBy,
  };
}
