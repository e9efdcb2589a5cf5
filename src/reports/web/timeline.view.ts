import { type ShownTime, shownTime } from '../../common/uk-time.js';
import { commandWords, type EventCommand } from '../../devices/domain/lifecycle/commands.js';
import { standingLabel, type Origin } from '../../devices/domain/lifecycle/standing.js';
import { DEVICE_SOURCE_NAMES, FORM_FACTOR_NAMES, wordFor } from '../../devices/domain/device-words.js';
import { actorWords } from '../../directory/actor-names.queries.js';
import type { NamedPerson } from '../../directory/named-people.queries.js';
import type { FormFactor } from '../../devices/domain/form-factor/form-factor.js';
import { paths } from '../../web/paths.js';
import type { TimelineEntry } from '../device-timeline.queries.js';

/** One entry of the history as the page shows it. */
export interface TimelineRow {
  readonly at: ShownTime | null;
  readonly title: string;
  readonly changes: readonly { readonly label: string; readonly from: string; readonly to: string }[];
  readonly reason: string | null;
  readonly by: string | null;
  readonly link: { readonly href: string; readonly text: string } | null;
}

/** Within a sentence. */
const UNKNOWN_PERSON = 'somebody who is not in the directory';

const CHANGES: Readonly<Record<string, string>> = {
  changed: 'changed what it says',
  returned: 'shows it again',
  absent: 'did not show it for the first time',
  missing: 'no longer shows it',
  gone: 'has removed it',
};

const CAUSES: Readonly<Record<string, string>> = {
  records: 'what its sources say',
  catalogue: 'a new catalogue of models',
  override: 'a decision',
  withdrawal: 'a decision that was withdrawn',
};

const FIELDS: Readonly<Record<string, string>> = {
  name: 'Hostname',
  serial_number: 'Serial number',
  manufacturer: 'Manufacturer',
  model: 'Model',
  operating_system: 'Operating system',
  operating_system_version: 'Version of the operating system',
  entra_device_id: 'Device id in Entra ID',
  managed_device_id: 'Id in Intune',
  autopilot_id: 'Id in Autopilot',
  user_entra_id: 'User',
  user_principal_name: 'User principal name',
  ownership: 'Ownership',
  compliance_state: 'Compliance',
  upgrade_eligibility: 'Windows 11',
  enrolled_at: 'Enrolled',
  last_seen_at: 'Last seen',
  form_factor: 'Class',
  state: 'State',
  holder: 'Holder',
  place: 'Place',
};

/** Puts the entries of a history into words. */
export function timelineRows(
  entries: readonly TimelineEntry[],
  people: ReadonlyMap<string, NamedPerson>,
  now: Date,
): TimelineRow[] {
  return entries.map((entry) => ({
    at: shownTime(entry.at, now),
    title: titleOf(entry),
    changes: Object.entries(entry.changes).map(([field, [from, to]]) => ({
      label: FIELDS[field] ?? field,
      from: shownValue(field, from, people, now),
      to: shownValue(field, to, people, now),
    })),
    reason: entry.reason,
    by: actorWords(entry.actor, people, UNKNOWN_PERSON) || null,
    link: linkOf(entry),
  }));
}

function titleOf({ kind, what, change }: TimelineEntry): string {
  const source = wordFor(DEVICE_SOURCE_NAMES, what);
  switch (kind) {
    case 'record-added':
      return `${source} showed it for the first time`;
    case 'synchronised':
      return `${source} ${CHANGES[change ?? ''] ?? 'changed what it says'}`;
    case 'form-factor':
      return `Its class came out differently because of ${CAUSES[what] ?? what}`;
    case 'identity':
      return what === 'merge' ? 'Records were joined to one machine' : 'Records were parted into machines';
    case 'identity-undone':
      return what === 'merge' ? 'Joining records was undone' : 'Parting records was undone';
    case 'custody':
      return commandWords(what as EventCommand).done;
  }
}

function linkOf({ kind, reference }: TimelineEntry): TimelineRow['link'] {
  if (reference === null) return null;
  if (kind === 'synchronised') return { href: paths.run(reference), text: `Run ${reference}` };
  if (kind === 'identity' || kind === 'identity-undone') {
    return { href: paths.decision(reference), text: `Decision ${reference}` };
  }
  return null;
}

function shownValue(field: string, value: unknown, people: ReadonlyMap<string, NamedPerson>, now: Date): string {
  if (value === null || value === undefined || value === '')
    return field === 'state' ? standingLabel('none') : 'nothing';
  if (field === 'form_factor') return FORM_FACTOR_NAMES[value as FormFactor];
  if (field === 'state') return standingLabel(value as Origin);
  if ((field === 'holder' || field === 'user_entra_id') && typeof value === 'string') {
    return people.get(value)?.displayName ?? UNKNOWN_PERSON;
  }
  if (field.endsWith('_at') && typeof value === 'string') return shownTime(value, now)?.text ?? value;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : JSON.stringify(value);
}
