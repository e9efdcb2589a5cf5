import { type ShownTime, shownTime } from '../../common/uk-time.js';
import type { SourceStatus } from '../source-status.js';
import type { SyncRun } from '../sync.queries.js';
import { runRow, type RunRow, type Tag } from './run.view.js';
import { SOURCE_TAGS } from './status.view.js';

/** One source with what an administrator may do to it. */
export interface SourceView {
  readonly title: string;
  readonly source: string;
  readonly tag: Tag;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly lastSuccess: ShownTime | null;
  readonly nextDue: ShownTime | null;
  readonly pause: { readonly at: ShownTime | null; readonly reason: string } | null;
  readonly hold: { readonly id: number; readonly records: number } | null;
  readonly runs: readonly RunRow[];
  readonly mayAdminister: boolean;
}

/** Puts together what the page of a source shows. */
export function sourceView(
  source: SourceStatus,
  runs: readonly SyncRun[],
  mayAdminister: boolean,
  now: Date,
): SourceView {
  return {
    title: source.label,
    source: source.source,
    tag: SOURCE_TAGS[source.state],
    facts: [
      { label: 'Records present', value: new Intl.NumberFormat('en-GB').format(source.rowsPresent) },
      { label: 'Permission that reading it needs', value: source.permission },
      { label: 'Needed', value: source.optional ? 'Only where the tenant has it' : 'Always' },
    ],
    lastSuccess: shownTime(source.lastSuccessAt, now),
    nextDue: shownTime(source.nextDueAt, now),
    pause: source.pausedAt === null ? null : { at: shownTime(source.pausedAt, now), reason: source.pauseReason ?? '' },
    hold: source.hold && { id: source.hold.id, records: source.hold.records },
    runs: runs.map((run) => runRow(run, now)),
    mayAdminister,
  };
}
