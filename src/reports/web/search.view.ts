import { shownNumber } from '../../common/shown-number.js';
import { type ShownTime, shownTime } from '../../common/uk-time.js';
import { PRESENCE_NAMES } from '../../devices/domain/device-words.js';
import { standingLabel } from '../../devices/domain/lifecycle/standing.js';
import { paths } from '../../web/paths.js';
import { searchPhrase } from '../domain/search-key.js';
import type { Found, FoundDevice, FoundPerson, SearchResult } from '../search-result.js';
import { SHOWN_THEN } from './search.parameters.js';
import { reasonOf, ROLE_NAMES, type Fact } from './search-words.js';

/** A result on a page. */
export interface Line {
  readonly href: string;
  readonly title: string;
  /** What is wrong with it, as a tag beside the title. */
  readonly tag: string | null;
  readonly facts: readonly string[];
  readonly person: { readonly label: string; readonly name: string; readonly href: string } | null;
  readonly lastSeen: ShownTime | null;
  /** Why it was found. */
  readonly reason: Fact;
}

/** Results of one kind. */
export interface Group {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly Line[];
  /** Says how many there are, honestly. */
  readonly count: string;
  readonly more: { readonly href: string; readonly text: string } | null;
}

/** The results page. */
export interface SearchView {
  readonly title: string;
  readonly text: string;
  /** Why nothing was looked up; null when it was. */
  readonly problem: string | null;
  readonly searched: boolean;
  readonly groups: readonly Group[];
  readonly asOf: ShownTime | null;
  /** The one exact hit, offered above the list. */
  readonly single: { readonly href: string; readonly title: string } | null;
}

/** Puts together what the page shows; `result` is null when nothing was looked up. */
export function searchView(
  text: string,
  result: SearchResult | null,
  shown: number,
  now: Date,
  problem: string | null = null,
): SearchView {
  const groups =
    result === null
      ? []
      : [
          groupOf('devices', 'Devices', text, shown, result.devices, (device) => deviceLine(device, now)),
          groupOf('people', 'People', text, shown, result.people, (person) => personLine(person, now)),
        ].filter(({ lines }) => lines.length > 0);
  return {
    title: text === '' ? 'Search' : `${text} – search`,
    text,
    problem,
    searched: result !== null,
    groups,
    asOf: shownTime(result?.asOf ?? null, now),
    single: result && singleExact(result, now),
  };
}

/**
 * Where a text that names one thing and nothing else leads at once: the serial number or tag of one machine, the user
 * name of one person. Null for everything that a person has to choose from.
 */
export function onlyTarget(text: string, result: SearchResult): string | null {
  const exactly = (shown: string | null): boolean => shown !== null && searchPhrase(shown) === searchPhrase(text);
  const targets = [
    ...result.devices.items
      .filter(({ match }) => match.how === 'exact' && match.role === null)
      .map(({ id, match }) => ({
        href: paths.device(id),
        direct: ['serial-number', 'asset-tag'].includes(match.field ?? ''),
      })),
    ...result.people.items
      .filter(({ match }) => match.how === 'exact' && exactly(match.shown))
      .map(({ id, match }) => ({ href: paths.person(id), direct: match.field === 'user-principal-name' })),
  ];
  const [only] = targets;
  return targets.length === 1 && only?.direct === true ? only.href : null;
}

function singleExact(result: SearchResult, now: Date): SearchView['single'] {
  const exact = [
    ...result.devices.items.filter(({ match }) => match.how === 'exact').map((device) => deviceLine(device, now)),
    ...result.people.items.filter(({ match }) => match.how === 'exact').map((person) => personLine(person, now)),
  ];
  const all = result.devices.items.length + result.people.items.length;
  const [only] = exact;
  return exact.length === 1 && only && all > 1 ? { href: only.href, title: only.title } : null;
}

function groupOf<T>(
  id: string,
  title: string,
  text: string,
  shown: number,
  found: Found<T>,
  line: (item: T) => Line,
): Group {
  const lines = found.items.map(line);
  const total = shownNumber(found.count);
  const isAll = !found.more && found.count <= lines.length;
  return {
    id,
    title,
    lines,
    count: isAll ? total : `${shownNumber(lines.length)} shown of ${found.more ? `${total} or more` : total}`,
    more:
      isAll || shown >= SHOWN_THEN
        ? null
        : { href: `${paths.search(text)}&list=1&show=${SHOWN_THEN}#${id}`, text: `Show more ${title.toLowerCase()}` },
  };
}

/** A machine as a line. */
export function deviceLine(device: FoundDevice, now: Date): Line {
  const { id, name, serialNumber, assetTag, model, presence, standing, person } = device;
  return {
    href: paths.device(id),
    title: name ?? serialNumber ?? assetTag ?? `Device ${id}`,
    tag: presence === 'present' ? null : PRESENCE_NAMES[presence],
    facts: [
      model ?? 'Unknown model',
      serialNumber === null ? 'no serial number known' : `serial number ${serialNumber}`,
      ...(assetTag === null ? [] : [`tag ${assetTag}`]),
      ...(standing === null ? [] : [standingLabel(standing).toLowerCase()]),
    ],
    person: person && {
      label: ROLE_NAMES[person.role],
      name: person.displayName ?? 'a person without a name',
      href: paths.person(person.id),
    },
    lastSeen: shownTime(device.lastSeenAt, now),
    reason: reasonOf(device.match, now),
  };
}

/** A person as a line. */
export function personLine(person: FoundPerson, now: Date): Line {
  const { id, displayName, userPrincipalName, jobTitle, department, officeLocation, devices } = person;
  const left = person.presence !== 'present' ? 'No longer in the directory' : 'Account disabled';
  return {
    href: paths.person(id),
    title: displayName ?? userPrincipalName ?? `Person ${id}`,
    tag: person.presence === 'present' && person.accountEnabled !== false ? null : left,
    facts: [
      ...(userPrincipalName === null ? [] : [userPrincipalName]),
      ...[jobTitle, department, officeLocation].filter((fact) => fact !== null),
      devices === 1 ? '1 device' : `${devices === 0 ? 'no' : devices} devices`,
    ],
    person: null,
    lastSeen: null,
    reason: reasonOf(person.match, now),
  };
}
