import { DEVICE_SOURCE_NAMES } from '../domain/device-words.js';
import { type ShownTime, shownTime } from '../../common/uk-time.js';
import { paths } from '../../web/paths.js';
import type { RecordView, ReviewView } from '../identity.queries.js';
import { PRESENCE_NAMES } from '../domain/device-words.js';
import { REVIEW_NAMES, SHARED_NAMES } from './identity-lists.js';

/** One thing that sources say, of every record of the review; `differs` where they do not agree. */
export interface EvidenceRow {
  readonly label: string;
  readonly differs: boolean;
  readonly values: readonly { readonly text: string; readonly time: ShownTime | null }[];
}

/** The page of one review: the records of each machine side by side. */
export interface ReviewPageView {
  readonly title: string;
  readonly id: number;
  readonly kind: string;
  readonly state: ReviewView['state'];
  readonly opened: ShownTime | null;
  readonly settled: ShownTime | null;
  readonly settledBy: string;
  readonly answer: string | null;
  readonly decisionHref: string | null;
  readonly shared: { readonly label: string; readonly value: string };
  readonly machines: readonly { readonly title: string; readonly href: string | null; readonly records: number }[];
  readonly sources: readonly string[];
  readonly rows: readonly EvidenceRow[];
  readonly mayDecide: boolean;
}

type Said = (record: RecordView) => string | null;
const TEXTS: readonly (readonly [label: string, said: Said])[] = [
  ['Hostname', ({ name }) => name],
  ['Serial number', ({ serialNumber }) => serialNumber],
  ['Manufacturer', ({ manufacturer }) => manufacturer],
  ['Model', ({ model }) => model],
  ['Operating system', ({ operatingSystem, operatingSystemVersion }) => words(operatingSystem, operatingSystemVersion)],
  ['Entra device id', ({ entraDeviceId }) => entraDeviceId],
  ['Intune device id', ({ managedDeviceId }) => managedDeviceId],
  ['Autopilot id', ({ autopilotId }) => autopilotId],
  ['Presence', ({ presence }) => PRESENCE_NAMES[presence]],
];
const TIMES: readonly (readonly [label: string, said: Said])[] = [
  ['Enrolled', ({ enrolledAt }) => enrolledAt],
  ['Last seen', ({ lastSeenAt }) => lastSeenAt],
  ['First read here', ({ firstSeenAt }) => firstSeenAt],
];

/** @param settledBy who answered it, in words. */
export function reviewPageView(review: ReviewView, settledBy: string, mayDecide: boolean, now: Date): ReviewPageView {
  const records = review.machines.flatMap((machine) => machine.records);
  return {
    title: `Review ${review.id}: are these one machine?`,
    id: review.id,
    kind: REVIEW_NAMES[review.kind],
    state: review.state,
    opened: shownTime(review.openedAt, now),
    settled: shownTime(review.settledAt, now),
    settledBy,
    answer:
      review.decision === null
        ? null
        : review.decision === 'same'
          ? 'They are one machine'
          : 'They are different machines',
    decisionHref: review.decisionId === null ? null : paths.decision(review.decisionId),
    shared: { label: SHARED_NAMES[review.shared.key], value: review.shared.value },
    machines: review.machines.map(({ deviceId, records: own }, index) => ({
      title: deviceId === null ? `Machine ${index + 1}` : `Device ${deviceId}`,
      href: deviceId === null ? null : paths.device(deviceId),
      records: Math.max(own.length, 1),
    })),
    sources: records.map(({ source }) => DEVICE_SOURCE_NAMES[source]),
    rows: [
      ...TEXTS.map(([label, said]) => row(label, records, said, (text) => ({ text: text ?? '', time: null }))),
      ...TIMES.map(([label, said]) => row(label, records, said, (at) => ({ text: '', time: shownTime(at, now) }))),
    ],
    mayDecide: mayDecide && review.state === 'open',
  };
}

function row(
  label: string,
  records: readonly RecordView[],
  said: Said,
  shown: (value: string | null) => EvidenceRow['values'][number],
): EvidenceRow {
  const values = records.map(said);
  const given = new Set(values.filter((value) => value !== null).map((value) => value.toLowerCase()));
  return { label, differs: given.size > 1, values: values.map(shown) };
}

function words(...parts: readonly (string | null)[]): string | null {
  return parts.filter((part) => part !== null).join(' ') || null;
}
