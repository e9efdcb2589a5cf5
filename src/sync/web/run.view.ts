import { type ShownTime, shownTime } from '../../common/uk-time.js';
import { SOURCES } from '../sources/registry.js';
import type { SyncRun, SyncRunDetail } from '../sync.queries.js';
import type { RunStatus } from '../sync.types.js';

/** A coloured word: never the colour alone. */
export interface Tag {
  readonly text: string;
  /** Modifier of GOV.UK's tag. */
  readonly classes: string;
}

export const RUN_TAGS: Readonly<Record<RunStatus, Tag>> = {
  running: { text: 'Running', classes: 'govuk-tag--blue' },
  succeeded: { text: 'Succeeded', classes: 'govuk-tag--green' },
  held: { text: 'Held', classes: 'govuk-tag--orange' },
  failed: { text: 'Failed', classes: 'govuk-tag--red' },
  stopped: { text: 'Stopped', classes: 'govuk-tag--grey' },
  abandoned: { text: 'Abandoned', classes: 'govuk-tag--red' },
};

const TRIGGERS: Readonly<Record<SyncRun['trigger'], string>> = {
  schedule: 'the schedule',
  command: 'a command',
  start: 'the start of Untether',
  person: 'a person',
};

/** One row of the run history. */
export interface RunRow {
  readonly id: number;
  readonly label: string;
  readonly kind: string;
  readonly tag: Tag;
  readonly started: ShownTime | null;
  readonly rowsRead: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** A run as the run history shows it. */
export function runRow(run: SyncRun, now: Date): RunRow {
  return {
    id: run.id,
    label: SOURCES[run.source].label,
    kind: kindOf(run),
    tag: RUN_TAGS[run.status],
    started: shownTime(run.startedAt, now),
    rowsRead: run.rowsRead,
    added: run.added,
    changed: run.changed,
    removed: run.absent + run.missing + run.gone,
  };
}

/** Everything about one run, as label and value. */
export interface RunView {
  readonly title: string;
  readonly tag: Tag;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly started: ShownTime | null;
  readonly finished: ShownTime | null;
  readonly counts: readonly { readonly label: string; readonly value: number }[];
  readonly error: { readonly message: string; readonly fix: string | null } | null;
  readonly note: string | null;
  readonly quarantine: SyncRunDetail['quarantine'];
  readonly progress: Pick<SyncRun, 'id' | 'stage' | 'rowsRead' | 'expectedRows'>;
}

/** A run with its counts and what it set aside. */
export function runView(run: SyncRunDetail, now: Date): RunView {
  return {
    title: `${SOURCES[run.source].label}: run ${run.id}`,
    tag: RUN_TAGS[run.status],
    started: shownTime(run.startedAt, now),
    finished: shownTime(run.finishedAt, now),
    facts: [
      { label: 'Kind', value: kindOf(run) },
      { label: 'Begun by', value: TRIGGERS[run.trigger] },
      { label: 'Stage', value: run.stage },
      { label: 'Waited for Microsoft', value: `${Math.round(run.throttledMilliseconds / 1_000)} seconds` },
    ],
    counts: [
      { label: 'Records read', value: run.rowsRead },
      { label: 'Added', value: run.added },
      { label: 'Changed', value: run.changed },
      { label: 'Unchanged', value: run.unchanged },
      { label: 'Shown again', value: run.returned },
      { label: 'Not shown for the first time', value: run.absent },
      { label: 'Missing', value: run.missing },
      { label: 'Gone', value: run.gone },
      { label: 'Held for a person', value: run.held },
      { label: 'Set aside', value: run.quarantined },
      { label: 'Pages', value: run.pages },
      { label: 'Requests', value: run.requests },
      { label: 'Repeated requests', value: run.retries },
      { label: 'Resource units', value: run.resourceUnits },
    ],
    error: run.errorCode === null ? null : { message: run.errorMessage ?? run.errorCode, fix: run.errorFix },
    note: run.note,
    quarantine: run.quarantine,
    progress: run,
  };
}

/** How much was read, in words. */
export function kindOf(run: SyncRun): string {
  const kind = run.kind === 'full' ? 'complete read' : 'changes only';
  return run.dryRun ? `${kind}, dry run` : kind;
}
