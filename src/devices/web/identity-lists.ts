import { shownTime } from '../../common/uk-time.js';
import { optionsOf, yesOrNo, type Cell, type ListDefinition } from '../../web/list-definition.js';
import { paths } from '../../web/paths.js';
import { DecisionsParameters, ReviewsParameters } from '../api/identity.parameters.js';
import type { ReviewFinding, ReviewKind } from '../domain/identity/machines.js';
import { DECISION_COLUMNS, REVIEW_COLUMNS } from '../identity.columns.js';
import type { DecisionKind, DecisionView, ReviewView } from '../identity.queries.js';

/** The questions of reviews, as pages put them. */
export const REVIEW_NAMES: Readonly<Record<ReviewKind, string>> = {
  same_serial: 'The same serial number',
  re_enrolled: 'Enrolled again',
  conflicting_identity: 'Contradicting identifiers',
};
/** What machines of a review have in common. */
export const SHARED_NAMES: Readonly<Record<ReviewFinding['shared']['key'], string>> = {
  serial: 'Serial number',
  autopilot: 'Autopilot record',
  managed: 'Intune record',
  entra: 'Entra device',
};
/** What was decided. */
export const DECISION_NAMES: Readonly<Record<DecisionKind, string>> = {
  merge: 'One machine',
  split: 'Different machines',
};

/** Open questions about which records are one machine. */
export const REVIEW_LIST: ListDefinition<ReviewView, ReviewsParameters> = {
  name: 'reviews',
  title: 'Identity reviews',
  section: 'reviews',
  path: paths.reviews(),
  one: 'open review',
  many: 'open reviews',
  parameters: ReviewsParameters,
  fields: [{ name: 'kind', label: 'Question', kind: 'choice', options: optionsOf(REVIEW_NAMES) }],
  columns: REVIEW_COLUMNS,
  shown: ['id', 'kind', 'sharedKey', 'sharedValue', 'devices', 'openedAt'],
  sorts: {},
  defaultSort: null,
  cells: {
    id: ({ id }) => ({ text: `Review ${id}`, href: paths.review(id) }),
    kind: ({ kind }) => ({ text: REVIEW_NAMES[kind] }),
    sharedKey: ({ shared }) => ({ text: SHARED_NAMES[shared.key] }),
    openedAt: ({ openedAt }, now) => ({ time: shownTime(openedAt, now) }),
    settledAt: ({ settledAt }, now) => ({ time: shownTime(settledAt, now) }),
    devices: ({ machines }) => ({ parts: machines.map(machineLink) }),
    records: ({ machines }) => ({
      parts: machines.map(({ records }) => ({
        text: `${records.length} ${records.length === 1 ? 'record' : 'records'}`,
      })),
    }),
  },
  file: { path: '/api/v1/reviews.csv', permission: 'estate:export' },
  nothing: 'No question about the identity of machines is open. What was decided is in the list of decisions.',
};

/** A decision with the words for who decided. */
export type DecisionRow = DecisionView & { readonly decider: string; readonly undoer: string };

/** What people decided about which records are one machine. */
export const DECISION_LIST: ListDefinition<DecisionRow, DecisionsParameters> = {
  name: null,
  title: 'Identity decisions',
  section: 'reviews',
  path: paths.decisions(),
  one: 'decision',
  many: 'decisions',
  parameters: DecisionsParameters,
  fields: [
    { name: 'kind', label: 'Decision', kind: 'choice', options: optionsOf(DECISION_NAMES) },
    { name: 'undone', label: 'Undone', kind: 'choice', options: yesOrNo() },
    { name: 'deviceId', label: 'Number of the device', kind: 'text' },
  ],
  columns: DECISION_COLUMNS,
  shown: ['id', 'kind', 'reason', 'decidedBy', 'decidedAt', 'reviewId', 'undoneAt'],
  sorts: {},
  defaultSort: null,
  cells: {
    id: ({ id }) => ({ text: `Decision ${id}`, href: paths.decision(id) }),
    kind: ({ kind }) => ({ text: DECISION_NAMES[kind] }),
    decidedBy: ({ decider }) => ({ text: decider }),
    undoneBy: ({ undoer }) => ({ text: undoer }),
    decidedAt: ({ decidedAt }, now) => ({ time: shownTime(decidedAt, now) }),
    undoneAt: ({ undoneAt }, now) => ({ time: shownTime(undoneAt, now) }),
    reviewId: ({ reviewId }) =>
      reviewId === null ? { text: '' } : { text: `Review ${reviewId}`, href: paths.review(reviewId) },
  },
  file: { path: '/api/v1/decisions.csv', permission: 'estate:export' },
  nothing: 'Nobody has decided about the identity of machines yet.',
};

function machineLink({ deviceId, records }: ReviewView['machines'][number]): Cell {
  const text =
    records.find(({ name }) => name !== null)?.name ?? (deviceId === null ? 'No device' : `Device ${deviceId}`);
  return deviceId === null ? { text } : { text, href: paths.device(deviceId) };
}
