import { type ShownTime, shownTime } from '../../common/uk-time.js';
import type { CallRecordRunStatus } from '../call-records/call-records.types.js';
import type { CallRecordRunSummary } from '../call-records/call-record-runs.queries.js';
import type { Tag } from './run.view.js';

const TAGS: Readonly<Record<CallRecordRunStatus, Tag>> = {
  running: { text: 'Running', classes: 'govuk-tag--blue' },
  succeeded: { text: 'Read', classes: 'govuk-tag--green' },
  failed: { text: 'Failed', classes: 'govuk-tag--red' },
  stopped: { text: 'Stopped', classes: 'govuk-tag--grey' },
  abandoned: { text: 'Abandoned', classes: 'govuk-tag--orange' },
};

/** The reading of Teams call records on the status page. */
export interface CallRecordsView {
  readonly on: boolean;
  readonly runs: readonly {
    readonly id: number;
    readonly tag: Tag;
    readonly started: ShownTime | null;
    readonly listed: number;
    readonly takenOver: number;
    readonly unreadable: number;
    readonly notReady: number;
    /** What is wrong and what to do about it. */
    readonly trouble: { readonly text: string; readonly fix: string | null } | null;
  }[];
}

/** Puts together what the status page says of call records. */
export function callRecordsView(on: boolean, runs: readonly CallRecordRunSummary[], now: Date): CallRecordsView {
  return {
    on,
    runs: runs.map(({ id, status, startedAt, listed, takenOver, unreadable, notReady, errorMessage, errorFix }) => ({
      id,
      tag: TAGS[status],
      started: shownTime(startedAt, now),
      listed,
      takenOver,
      unreadable,
      notReady,
      trouble: errorMessage === null ? null : { text: errorMessage, fix: errorFix },
    })),
  };
}
