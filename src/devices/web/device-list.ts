import { shownTime } from '../../common/uk-time.js';
import { optionsOf, yesOrNo, type Cell, type ListDefinition } from '../../web/list-definition.js';
import { paths } from '../../web/paths.js';
import { DevicesParameters } from '../api/devices.parameters.js';
import { DEVICE_COLUMNS } from '../devices.columns.js';
import type { DeviceSummary, NamedPerson } from '../devices.queries.js';
import { CUSTODY_STATES, standingLabel } from '../domain/lifecycle/standing.js';
import {
  COMPLIANCE_NAMES,
  FORM_FACTOR_NAMES,
  OWNERSHIP_NAMES,
  PRESENCE_NAMES,
  READINESS_NAMES,
  SUPERCLASS_NAMES,
  wordFor,
} from '../domain/device-words.js';

const CUSTODY_OPTIONS = [
  { value: 'none', text: standingLabel('none') },
  ...CUSTODY_STATES.map((state) => ({
    value: state,
    text: state === 'in_stock' ? 'In stock' : standingLabel(state),
  })),
];

/** The list of machines. */
export const DEVICE_LIST: ListDefinition<DeviceSummary, DevicesParameters> = {
  name: 'devices',
  title: 'Devices',
  section: 'devices',
  path: paths.devices(),
  one: 'device',
  many: 'devices',
  parameters: DevicesParameters,
  fields: [
    { name: 'search', label: 'Hostname, serial number or model', hint: 'The beginning is enough.', kind: 'search' },
    { name: 'superclass', label: 'Portable or fixed', kind: 'choice', options: optionsOf(SUPERCLASS_NAMES) },
    { name: 'formFactor', label: 'Class', kind: 'choice', options: optionsOf(FORM_FACTOR_NAMES) },
    { name: 'manufacturer', label: 'Manufacturer', kind: 'text' },
    { name: 'model', label: 'Model', kind: 'text' },
    { name: 'upgradeEligibility', label: 'Windows 11', kind: 'choice', options: optionsOf(READINESS_NAMES) },
    { name: 'complianceState', label: 'Compliance', kind: 'choice', options: optionsOf(COMPLIANCE_NAMES) },
    { name: 'ownership', label: 'Ownership', kind: 'choice', options: optionsOf(OWNERSHIP_NAMES) },
    { name: 'presence', label: 'Presence', kind: 'choice', options: optionsOf(PRESENCE_NAMES) },
    { name: 'department', label: 'Department of the user', kind: 'text' },
    { name: 'doubt', label: 'Doubts about the record', kind: 'choice', options: yesOrNo('Some', 'None') },
    { name: 'custody', label: 'Custody', kind: 'choice', options: CUSTODY_OPTIONS },
    { name: 'operatingSystem', label: 'Operating system', kind: 'text' },
    { name: 'seenFrom', label: 'Last seen from', kind: 'day' },
    { name: 'seenTo', label: 'Last seen to', kind: 'day' },
    { name: 'userId', label: 'Number of the user', kind: 'hidden' },
    { name: 'holderId', label: 'Number of the holder', kind: 'hidden' },
    { name: 'lastSeenBefore', label: 'Last seen before', kind: 'hidden' },
  ],
  columns: DEVICE_COLUMNS,
  shown: [
    'name',
    'serialNumber',
    'model',
    'formFactor',
    'custody',
    'holder',
    'user',
    'upgradeEligibility',
    'lastSeenAt',
  ],
  sorts: { name: 'name', lastSeenAt: 'lastSeen', id: 'id' },
  defaultSort: 'name',
  cells: {
    id: ({ id }) => ({ text: String(id), href: paths.device(id) }),
    name: nameCell,
    ownership: ({ ownership }) => ({ text: wordFor(OWNERSHIP_NAMES, ownership) }),
    complianceState: ({ complianceState }) => {
      const text = wordFor(COMPLIANCE_NAMES, complianceState);
      return complianceState?.toLowerCase() === 'noncompliant' ? { text, tag: 'govuk-tag--red' } : { text };
    },
    upgradeEligibility: ({ upgradeEligibility }) => ({ text: wordFor(READINESS_NAMES, upgradeEligibility) }),
    formFactor: ({ formFactor }) => ({ text: FORM_FACTOR_NAMES[formFactor] }),
    superclass: ({ superclass }) => ({ text: SUPERCLASS_NAMES[superclass] }),
    lastSeenAt: ({ lastSeenAt }, now) => ({ time: shownTime(lastSeenAt, now) }),
    presence: ({ presence }) => ({ text: PRESENCE_NAMES[presence] }),
    user: ({ user }) => personCell(user),
    holder: ({ custody }) => personCell(custody?.holder ?? null),
    custodySince: ({ custody }, now) => ({ time: shownTime(custody?.since ?? null, now) }),
  },
  file: { path: '/api/v1/devices.csv', permission: 'estate:export' },
  nothing: 'There are no devices yet. They appear when the sources of devices have been read.',
};

/** The hostname with the way to the machine, and whether it is missing or gone. */
function nameCell({ id, name, presence }: DeviceSummary): Cell {
  const link = { text: name ?? 'Without a name', href: paths.device(id) };
  return presence === 'present' ? link : { parts: [link, presenceTag(presence)] };
}

function presenceTag(presence: DeviceSummary['presence']): Cell {
  return { text: PRESENCE_NAMES[presence], tag: presence === 'gone' ? 'govuk-tag--grey' : 'govuk-tag--orange' };
}

function personCell(person: NamedPerson | null): Cell {
  if (person === null) return { text: '' };
  if (person.id === null) return { text: 'Not in the directory' };
  return { text: person.displayName ?? 'Without a name', href: paths.person(person.id) };
}
