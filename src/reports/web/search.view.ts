import { shownTime, type ShownTime } from '../../common/uk-time.js';
import type { DeviceSummary } from '../../devices/devices.queries.js';
import { SHOWN, type WhoHasWhat } from '../who-has-what.queries.js';

/** A machine in a result. */
export interface DeviceLine {
  readonly name: string;
  readonly serialNumber: string;
  readonly model: string;
  readonly user: { readonly name: string | null } | null;
  readonly lastSeen: ShownTime | null;
  readonly absent: boolean;
}

/** The search page. */
export interface SearchView {
  readonly title: string;
  readonly text: string;
  readonly searched: boolean;
  readonly people: readonly {
    readonly name: string;
    readonly address: string;
    readonly job: string;
    readonly left: boolean;
    readonly devices: readonly DeviceLine[];
  }[];
  readonly devices: readonly DeviceLine[];
  readonly nothing: boolean;
  readonly more: string | null;
  readonly age: ShownTime | null;
}

/** Puts together what the search page shows; `found` is null before anything was typed. */
export function searchView(text: string, found: WhoHasWhat | null, now: Date): SearchView {
  const people = found?.people ?? [];
  const devices = found?.devices ?? [];
  return {
    title: text === '' ? 'Who has what' : `${text}: who has what`,
    text,
    searched: found !== null,
    people: people.map((person) => ({
      name: person.displayName ?? 'Without a name',
      address: person.userPrincipalName ?? '',
      job: [person.jobTitle, person.department].filter((part) => part !== null).join(', '),
      left: person.accountEnabled === false || person.presence !== 'present',
      devices: person.devices.map((device) => deviceLine(device, now)),
    })),
    devices: devices.map((device) => deviceLine(device, now)),
    nothing: found !== null && people.length === 0 && devices.length === 0,
    more:
      found?.morePeople || found?.moreDevices
        ? `Only the first ${SHOWN} people and ${SHOWN} devices are shown. Type more to narrow it down.`
        : null,
    age: shownTime(found?.asOf ?? null, now),
  };
}

function deviceLine(device: DeviceSummary, now: Date): DeviceLine {
  return {
    name: device.name ?? 'Without a name',
    serialNumber: device.serialNumber ?? 'unknown',
    model: modelName(device.manufacturer, device.model),
    user: device.user && { name: device.user.displayName },
    lastSeen: shownTime(device.lastSeenAt, now),
    absent: device.presence !== 'present',
  };
}

/** Manufacturer and model; some manufacturers begin the model with their own name. */
function modelName(manufacturer: string | null, model: string | null): string {
  const repeated = model?.toLowerCase().startsWith((manufacturer ?? '').toLowerCase());
  return [repeated ? null : manufacturer, model].filter((part) => part !== null).join(' ') || 'unknown model';
}
