import { GROUP_TAGS } from './autopilot-record.js';
import { isCompliant } from './directory-device-record.js';
import { addMachine, enrol, register, removeKnown, reportReadiness, retire } from './enrolment.js';
import { addBoxedLaptop } from './fleet.js';
import { drawHostname } from './hostnames.js';
import type { Day } from './day.js';
import type { Machine } from './machine.js';
import { isWindows } from './machine.js';
import { NEW_LAPTOPS } from './machine-models.js';
import { NO_DEVICE_ID } from './managed-device-record.js';
import type { Random } from './random.js';
import { DAY, duringWork, instant } from './simulated-time.js';
import { revision, WINDOWS_11 } from './windows-versions.js';
import type { Person, World } from './world.js';

// Per person and working day; invented: a programme of about two years that replaces half the staff's desktops in the first.
const REPLACING = 1 / 500;
const RE_ENROLLING = 1 / 3000;
/** A delivery arrives when fewer laptops than this share of the staff are left in their boxes. */
const LOW_STOCK = 0.015;
const DELIVERY = 0.02;

function isBoxed(machine: Machine): boolean {
  return machine.autopilotId !== null && machine.managedId === null && machine.owner === null && !machine.inUse;
}

/** One laptop out of its box, if there is one left. */
export function takeBoxedLaptop(world: World, random: Random): Machine | undefined {
  const boxed = world.machines.filter(isBoxed);
  return boxed.length === 0 ? undefined : random.pick(boxed);
}

/** Registers a delivery of new laptops with Autopilot when stock runs low. */
export function deliverLaptops({ world, random, count }: Day): void {
  const staff = world.people.size;
  if (world.machines.filter(isBoxed).length >= staff * LOW_STOCK) return;
  const model = random.weighted(NEW_LAPTOPS);
  for (let one = 0; one < Math.ceil(staff * DELIVERY); one++) {
    const machine = addMachine(world, random, { model, owner: null, bought: world.now - 5 * DAY, code: 'NEW' });
    addBoxedLaptop(world, random, machine);
    count('laptops delivered');
  }
}

/** Hands a boxed laptop to a person, who enrols it: the device object stays, the Intune record is new. */
export function issueLaptop(world: World, random: Random, machine: Machine, person: Person): void {
  const at = duringWork(world.now, random.fraction());
  const user = world.store.get('users', person.id);
  machine.owner = person.id;
  machine.inUse = true;
  machine.hostname = drawHostname(world, random, 'laptop', person.service?.code ?? 'CEX');
  const osVersion = `${WINDOWS_11}.${revision(world.now)}`;
  const managed = enrol(world, random, machine, {
    way: 'cloud',
    user,
    enrolled: at,
    lastSync: at,
    osVersion,
    personal: false,
  });
  const identity =
    machine.autopilotId === null ? undefined : world.store.get('windowsAutopilotDeviceIdentities', machine.autopilotId);
  register(world, random, machine, {
    trust: 'AzureAd',
    registered: at,
    lastSignIn: at,
    osVersion,
    managed,
    ownership: 'Company',
    groupTag: typeof identity?.['groupTag'] === 'string' ? identity['groupTag'] : random.pick(GROUP_TAGS),
  });
  if (identity !== undefined) {
    world.store.patch('windowsAutopilotDeviceIdentities', identity.id, {
      enrollmentState: 'enrolled',
      lastContactedDateTime: instant(at),
      managedDeviceId: managed.id,
      azureActiveDirectoryDeviceId: machine.deviceId ?? NO_DEVICE_ID,
      userPrincipalName: user?.['userPrincipalName'] ?? '',
    });
  }
  reportReadiness(world, random, machine);
}

/** Gives laptops to people at desktops; the desktop is collected within two weeks. */
export function replaceDesktops({ world, random, count }: Day): void {
  const due = world.machines.filter((machine) => {
    if (machine.form !== 'desktop' || machine.owner === null || !machine.inUse || machine.retiresOn !== null)
      return false;
    return world.people.get(machine.owner)?.leftOn === null && world.store.get('users', machine.owner) !== undefined;
  });
  for (const desktop of random.shuffled(due).slice(0, random.occurrences(world.people.size * REPLACING))) {
    const person = desktop.owner === null ? undefined : world.people.get(desktop.owner);
    const laptop = person === undefined ? undefined : takeBoxedLaptop(world, random);
    if (person === undefined || laptop === undefined) return;
    issueLaptop(world, random, laptop, person);
    desktop.retiresOn = world.day + random.between(2, 14);
    count('laptops issued for desktops');
  }
}

/**
 * Collects machines that are due. A laptop with Autopilot goes back into stock; of the others two in five leave a device object
 * behind in the directory, which nothing cleans up.
 */
export function retireMachines({ world, random, count }: Day): void {
  for (const machine of world.machines) {
    if (machine.retiresOn === null || machine.retiresOn > world.day) continue;
    machine.retiresOn = null;
    machine.inUse = false;
    machine.owner = null;
    retire(world, machine);
    count(machine.form === 'desktop' ? 'desktops retired' : 'other machines collected');
    if (machine.autopilotId !== null) {
      world.store.patch('windowsAutopilotDeviceIdentities', machine.autopilotId, {
        enrollmentState: 'notContacted',
        managedDeviceId: '',
        userPrincipalName: '',
      });
      if (machine.entraId !== null) {
        world.store.patch('devices', machine.entraId, {
          isManaged: null,
          isCompliant: null,
          managementType: null,
          mdmAppId: null,
        });
      }
    } else if (random.chance(0.6)) {
      removeKnown(world, 'devices', machine.entraId);
      machine.entraId = null;
    }
  }
}

/** Machines that were re-installed: a new Intune record for the same serial number and the same device object. */
export function reEnrolMachines({ world, random, count }: Day): void {
  const machines = world.machines.filter(
    (machine) => machine.inUse && machine.managedId !== null && isWindows(machine) && machine.retiresOn === null,
  );
  for (const machine of random.shuffled(machines).slice(0, random.occurrences(world.people.size * RE_ENROLLING))) {
    const before = machine.managedId === null ? undefined : world.store.get('managedDevices', machine.managedId);
    if (before === undefined) continue;
    const at = duringWork(world.now, random.fraction());
    const way = before['managementAgent'] === 'mdm' ? 'cloud' : 'hybrid';
    const user = world.store.get('users', String(before['userId']));
    retire(world, machine);
    const managed = enrol(world, random, machine, {
      way,
      user,
      enrolled: at,
      lastSync: at,
      osVersion: String(before['osVersion']),
      personal: before['managedDeviceOwnerType'] === 'personal',
    });
    if (machine.entraId !== null) {
      world.store.patch('devices', machine.entraId, { isCompliant: isCompliant(managed['complianceState']) });
    }
    if (machine.autopilotId !== null) {
      world.store.patch('windowsAutopilotDeviceIdentities', machine.autopilotId, { managedDeviceId: managed.id });
    }
    reportReadiness(world, random, machine);
    count('machines enrolled again');
  }
}
