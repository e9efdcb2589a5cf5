import type { Permission } from '../../auth/permissions.js';
import { type ShownTime, shownTime } from '../../common/uk-time.js';
import { FORM_FACTOR_NAMES } from '../../devices/domain/device-words.js';
import type { DeviceSummary } from '../../devices/devices.queries.js';
import { paths } from '../../web/paths.js';
import type { MachineRelation, PersonPage } from '../person-page.queries.js';
import type { Fact, ShownDoubt } from './device.view.js';

/** A machine of a person. */
export interface MachineLine {
  readonly href: string;
  readonly name: string;
  readonly model: string;
  readonly kind: string;
  readonly serialNumber: string;
  readonly lastSeen: ShownTime | null;
  /** Why it is listed: held, used, or both. */
  readonly relation: string;
}

/** The page of one person. */
export interface PersonView {
  readonly title: string;
  readonly own: boolean;
  readonly left: boolean;
  readonly doubts: readonly ShownDoubt[];
  readonly machines: readonly MachineLine[];
  readonly personFacts: readonly Fact[];
  readonly team: readonly { readonly name: string; readonly href: string; readonly machines: number }[];
  readonly teamUnlisted: number;
  readonly licences: readonly { readonly name: string; readonly way: string; readonly problem: string | null }[];
  readonly age: ShownTime | null;
  /** Where to go for equipment, for pages of one's own. */
  readonly section: string;
}

const NONE = 'None in the directory';

/**
 * Puts together what the page of a person shows.
 * @param viewer who looks: a page of one's own speaks to its reader, and names of others are links only for those who
 *   may open them
 */
export function personView(
  person: PersonPage,
  viewer: { readonly permissions: ReadonlySet<Permission>; readonly personEntraId: string | null },
  now: Date,
): PersonView {
  const own = viewer.personEntraId === person.entraId;
  const estate = viewer.permissions.has('estate:read');
  const left = person.accountEnabled === false || person.presence !== 'present';
  return {
    title: person.displayName ?? person.userPrincipalName ?? `Person ${person.id}`,
    own,
    section: own ? 'me' : 'people',
    left,
    doubts: left && person.machines.length > 0 ? [leaverDoubt(person)] : [],
    machines: person.machines.map(({ device, relation }) => machineLine(device, relation, now)),
    personFacts: [
      { label: 'User principal name', value: person.userPrincipalName ?? NONE },
      { label: 'Email', value: person.mail ?? NONE },
      { label: 'Job title', value: person.jobTitle ?? NONE },
      { label: 'Department', value: person.department ?? NONE },
      { label: 'Site', value: person.officeLocation ?? NONE },
      managerFact(person, estate),
      { label: 'Account', value: person.accountEnabled === false ? 'Disabled' : 'Enabled' },
      ...(estate && person.employeeId !== null ? [{ label: 'Employee number', value: person.employeeId }] : []),
    ],
    team: person.team.map(({ id, displayName, machines }) => ({
      name: displayName ?? 'Without a name',
      href: paths.person(id),
      machines,
    })),
    teamUnlisted: person.directReports - person.team.length,
    licences: person.licences.map((licence) => ({
      name: licence.productName,
      way: licence.direct ? 'Assigned to the person' : 'Through a group',
      problem: licence.error !== null && licence.error !== 'None' ? licence.error : null,
    })),
    age: shownTime(person.asOf, now),
  };
}

function leaverDoubt(person: PersonPage): ShownDoubt {
  const machines = person.machines.length === 1 ? 'a machine' : `${person.machines.length} machines`;
  const manager = person.manager?.displayName;
  return {
    message: `This person has left, or the account is disabled, and still has ${machines}.`,
    advice: manager
      ? `Ask ${manager}, the line manager, for the return, and take ${person.machines.length === 1 ? 'it' : 'them'} back.`
      : 'Find out where it is, and take it back.',
    link: null,
  };
}

function managerFact({ manager }: PersonPage, estate: boolean): Fact {
  if (manager === null) return { label: 'Line manager', value: NONE };
  const value = manager.displayName ?? 'Without a name';
  return estate ? { label: 'Line manager', value, link: paths.person(manager.id) } : { label: 'Line manager', value };
}

const RELATIONS: Readonly<Record<MachineRelation, string>> = {
  holds: 'Holds it',
  'holds-and-uses': 'Holds it and is its primary user',
  uses: 'Is its primary user; no hand-over is recorded',
  'uses-anothers': 'Is its primary user, but somebody else holds it',
};

function machineLine(device: DeviceSummary, relation: MachineRelation, now: Date): MachineLine {
  return {
    href: paths.device(device.id),
    name: device.name ?? device.serialNumber ?? `Machine ${device.id}`,
    model: [device.manufacturer, device.model].filter((part) => part !== null).join(' '),
    kind: FORM_FACTOR_NAMES[device.formFactor],
    serialNumber: device.serialNumber ?? '',
    lastSeen: shownTime(device.lastSeenAt, now),
    relation: RELATIONS[relation],
  };
}
