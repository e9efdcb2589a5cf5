import { type ShownTime, shownTime } from '../../common/uk-time.js';
import type { SourceState, SourceStatus } from '../source-status.js';
import type { SyncHoldDetail, SyncRun } from '../sync.queries.js';
import type { Tag } from './run.view.js';

/** How each state of a source is shown. */
export const SOURCE_TAGS: Readonly<Record<SourceState, Tag>> = {
  off: { text: 'Off', classes: 'govuk-tag--grey' },
  paused: { text: 'Paused', classes: 'govuk-tag--yellow' },
  running: { text: 'Running', classes: 'govuk-tag--blue' },
  'not-allowed': { text: 'Not allowed', classes: 'govuk-tag--orange' },
  held: { text: 'Held', classes: 'govuk-tag--orange' },
  failed: { text: 'Failed', classes: 'govuk-tag--red' },
  never: { text: 'Not read yet', classes: 'govuk-tag--grey' },
  late: { text: 'Late', classes: 'govuk-tag--orange' },
  current: { text: 'Up to date', classes: 'govuk-tag--green' },
};

/** Removals of a hold that the status page lists; the page of the hold has the rest. */
const HOLD_ITEMS_LISTED = 50;

/** One source on the status page. */
export interface SourceRow {
  readonly source: string;
  readonly label: string;
  readonly tag: Tag;
  readonly records: number;
  readonly lastSuccess: ShownTime | null;
  readonly nextDue: ShownTime | null;
  readonly runId: number | null;
  readonly progress: Pick<SyncRun, 'id' | 'stage' | 'rowsRead' | 'expectedRows'> | null;
  /** What is wrong and what to do about it. */
  readonly trouble: { readonly text: string; readonly fix: string | null } | null;
}

/** Changes that wait for a person. */
export interface HoldPanel {
  readonly id: number;
  readonly label: string;
  readonly reason: string;
  readonly opened: ShownTime | null;
  readonly records: number;
  readonly items: readonly { readonly name: string; readonly externalId: string; readonly removal: string }[];
  readonly unlisted: number;
}

/** The status page. */
export interface StatusView {
  readonly title: string;
  readonly demonstrationTenant: boolean;
  readonly neverRead: boolean;
  readonly figures: readonly { readonly label: string; readonly value: number; readonly age: ShownTime | null }[];
  readonly sources: readonly SourceRow[];
  readonly holds: readonly HoldPanel[];
}

const REMOVALS: Readonly<Record<string, string>> = {
  absent: 'no longer shown',
  changed: 'left by a change',
  deleted: 'deleted in Microsoft Entra ID',
};

/** Puts together what the status page shows. */
export function statusView(
  sources: readonly SourceStatus[],
  holds: readonly SyncHoldDetail[],
  totals: { readonly people: number; readonly devices: number; readonly licences: number },
  demonstrationTenant: boolean,
  now: Date,
): StatusView {
  const ageOf = (...names: string[]): ShownTime | null => {
    const known = sources
      .filter(({ source, lastSuccessAt }) => names.includes(source) && lastSuccessAt !== null)
      .map(({ lastSuccessAt }) => lastSuccessAt as string)
      .sort();
    return shownTime(known[0] ?? null, now);
  };
  return {
    title: 'Status',
    demonstrationTenant,
    neverRead: sources.every(({ lastRun }) => lastRun === null),
    figures: [
      { label: 'people', value: totals.people, age: ageOf('users') },
      { label: 'devices', value: totals.devices, age: ageOf('entra-devices', 'managed-devices') },
      { label: 'licence products', value: totals.licences, age: ageOf('subscribed-skus') },
    ],
    sources: sources.map((source) => sourceRow(source, now)),
    holds: holds.map((hold) => holdPanel(hold, sources, now)),
  };
}

function sourceRow(source: SourceStatus, now: Date): SourceRow {
  const { lastRun, state } = source;
  return {
    source: source.source,
    label: source.label,
    tag: SOURCE_TAGS[state],
    records: source.rowsPresent,
    lastSuccess: shownTime(source.lastSuccessAt, now),
    nextDue: shownTime(source.nextDueAt, now),
    runId: lastRun?.id ?? null,
    progress: state === 'running' ? lastRun : null,
    trouble: troubleOf(source),
  };
}

function troubleOf(source: SourceStatus): SourceRow['trouble'] {
  const { lastRun, state } = source;
  if (state === 'paused') return { text: source.pauseReason ?? 'A person paused it.', fix: null };
  if (state === 'off') return { text: 'No schedule is set for it.', fix: null };
  if (state === 'not-allowed') {
    const text = `It is left out: ${lastRun?.errorMessage ?? 'the permission or licence is missing.'}`;
    return { text, fix: lastRun?.errorFix ?? `Grant ${source.permission} with admin consent.` };
  }
  if (state === 'failed') {
    return { text: lastRun?.errorMessage ?? 'The last run ended without an answer.', fix: lastRun?.errorFix ?? null };
  }
  if (state === 'late')
    return { text: 'Two runs have been due since it last succeeded.', fix: 'Check that the worker runs.' };
  return null;
}

/** A hold as a page shows it. */
export function holdPanel(
  hold: SyncHoldDetail,
  sources: readonly SourceStatus[],
  now: Date,
  itemsListed = HOLD_ITEMS_LISTED,
): HoldPanel {
  const items = hold.items.slice(0, itemsListed);
  return {
    id: hold.id,
    label: sources.find(({ source }) => source === hold.source)?.label ?? hold.source,
    reason: hold.reason,
    opened: shownTime(hold.openedAt, now),
    records: hold.records,
    items: items.map(({ name, externalId, removal }) => ({
      name: name ?? 'Not stored here',
      externalId,
      removal: REMOVALS[removal] ?? removal,
    })),
    unlisted: hold.records - items.length,
  };
}
