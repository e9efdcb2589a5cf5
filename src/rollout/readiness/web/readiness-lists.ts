import { shownTime } from '../../../common/uk-time.js';
import { optionsOf, type Cell, type ListDefinition } from '../../../web/list-definition.js';
import { listAddress } from '../../../web/list-request.js';
import { paths } from '../../../web/paths.js';
import type { ReadinessOutcome } from '../../domain/move-words.js';
import { RULE_WORDS } from '../../domain/readiness/rules.js';
import { ApplicationsParameters, BlockersParameters } from '../api/readiness-lists.parameters.js';
import { APPLICATION_COLUMNS } from '../applications.columns.js';
import type { RolloutApplicationView } from '../applications.queries.js';
import { blockerOwner, blockerReason, blockerTitle } from '../blocker-words.js';
import { BLOCKER_COLUMNS } from '../blockers.columns.js';
import type { Blocker } from '../blockers.queries.js';
import { outcomeTag } from './outcome-tag.js';

/** What stands in people's way, those first that unlock most. */
export const BLOCKER_LIST: ListDefinition<Blocker, BlockersParameters> = {
  name: null,
  title: 'What stands in the way',
  section: 'blockers',
  path: paths.blockers(),
  one: 'blocker',
  many: 'blockers',
  parameters: BlockersParameters,
  fields: [
    { name: 'rule', label: 'Rule', kind: 'choice', options: optionsOf(RULE_WORDS) },
    { name: 'owner', label: 'Whoever is to clear it', hint: 'A role or queue, in full.', kind: 'text' },
  ],
  columns: BLOCKER_COLUMNS,
  shown: ['rule', 'reason', 'owner', 'since', 'unlocks', 'people'],
  sorts: {},
  defaultSort: null,
  numeric: ['unlocks', 'people'],
  cells: {
    rule: (blocker) => ({ text: blockerTitle(blocker), href: peopleHref(blocker) }),
    reason: (blocker) => ({ text: blockerReason(blocker) }),
    outcome: ({ outcome }) => outcomeTag(outcome),
    owner: (blocker) => ({
      text: blockerOwner(blocker),
      href: listAddress(paths.blockers(), { owner: blocker.owner }),
    }),
    since: ({ since }, now) => sinceCell(since, now),
    unlocks: (blocker) =>
      blocker.unlocks === 0
        ? { text: '0' }
        : { text: String(blocker.unlocks), href: peopleHref(blocker, { onlyBlocker: 'true' }) },
    people: (blocker) => ({ text: String(blocker.people), href: peopleHref(blocker) }),
  },
  file: { path: '/api/v1/rollout/blockers.csv', permission: 'estate:export' },
  nothing: 'Nothing stands in anybody’s way, or nobody’s readiness has been worked out yet.',
};

/** The list of exactly the people who wait for it. */
function peopleHref({ rule, reason, subject, owner }: Blocker, more: Readonly<Record<string, string>> = {}): string {
  return listAddress(paths.workbench(), {
    blockedBy: rule,
    blockedReason: reason,
    ...(subject === '' ? {} : { blockedSubject: subject }),
    blockedOwner: owner,
    ...more,
  });
}

const STATES: Readonly<Record<ReadinessOutcome, string>> = {
  ready: 'Works',
  not_ready: 'Does not work yet',
  unknown: 'Not known',
};

/** The applications that not everybody has. */
export const APPLICATION_LIST: ListDefinition<RolloutApplicationView, ApplicationsParameters> = {
  name: null,
  title: 'Applications',
  section: 'blockers',
  path: paths.rolloutApplications(),
  one: 'application',
  many: 'applications',
  parameters: ApplicationsParameters,
  fields: [
    { name: 'search', label: 'Name', hint: 'The beginning is enough.', kind: 'search' },
    { name: 'state', label: 'On the laptops', kind: 'choice', options: optionsOf(STATES) },
  ],
  columns: APPLICATION_COLUMNS,
  shown: ['name', 'state', 'owner', 'since', 'people'],
  sorts: { name: 'name', id: 'id' },
  defaultSort: 'name',
  numeric: ['people'],
  cells: {
    id: ({ id }) => ({ text: String(id), href: paths.rolloutApplication(id) }),
    name: ({ id, name }) => ({ text: name, href: paths.rolloutApplication(id) }),
    state: ({ state }) => ({ ...outcomeTag(state), text: STATES[state] }),
    since: ({ since }, now) => sinceCell(since, now),
  },
  file: { path: '/api/v1/rollout/applications.csv', permission: 'estate:export' },
  nothing: 'No application is on the list yet.',
};

/** What can be said of an application, for a form. */
export const APPLICATION_STATES = Object.entries(STATES).map(([value, text]) => ({ value, text }));

function sinceCell(since: string, now: Date): Cell {
  const time = shownTime(since, now);
  return time === null ? {} : { parts: [{ text: time.age }, { time }] };
}
