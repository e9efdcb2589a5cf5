import { autopilotRecord, GROUP_TAGS } from './autopilot-record.js';
import { addMachine, enrol, register, reportReadiness } from './enrolment.js';
import { addDataFaults } from './fleet-faults.js';
import type { PlannedMachine } from './fleet-plan.js';
import { planFleet } from './fleet-plan.js';
import type { Machine } from './machine.js';
import { isWindows } from './machine.js';
import type { MachineModel } from './machine-models.js';
import { MODELS, NEW_LAPTOPS } from './machine-models.js';
import { enrolLaptopsOfProgramme } from './programme-laptops.js';
import { Random } from './random.js';
import { DAY } from './simulated-time.js';
import { SITES } from './organisation.js';
import { drawWindowsVersion } from './windows-versions.js';
import type { Person, World } from './world.js';

/** Makes every machine of the council with its records in all sources that know it. */
export function createFleet(world: World, random: Random): void {
  const technicians = [...world.people.values()]
    .filter((person) => person.service?.code === 'ICT' && person.rank === 'member' && person.leftOn === null)
    .slice(0, Math.max(1, Math.round(world.people.size / 1200)));
  for (const planned of planFleet(random, [...world.people.values()])) {
    const machine = makeMachine(world, random, planned);
    if (planned.boxed) addBoxedLaptop(world, random, machine);
    else addUsedMachine(world, random, machine, planned.owner, technicians);
  }
  addOwnPhones(world, random);
  addDataFaults(world, random);
  enrolLaptopsOfProgramme(world, new Random(world.seed, 'programme'));
}

function makeMachine(world: World, random: Random, planned: PlannedMachine): Machine {
  const model = planned.boxed ? random.weighted(NEW_LAPTOPS) : random.weighted(MODELS[planned.form]);
  const bought = planned.boxed
    ? world.now - random.between(5, 90) * DAY
    : Math.min(Date.UTC(model.year, random.between(2, 14), random.between(1, 28)), world.now - 40 * DAY);
  const code = planned.owner?.service?.code ?? random.weighted(SITES).code;
  return addMachine(world, random, { model, owner: planned.owner?.id ?? null, bought, code });
}

/** The name of a machine that nobody has unpacked is its serial number; its device object exists, but never signed in. */
export function addBoxedLaptop(world: World, random: Random, machine: Machine): void {
  const groupTag = random.pick(GROUP_TAGS);
  machine.inUse = false;
  machine.hostname = machine.serial;
  machine.autopilotId = random.uuid();
  register(world, random, machine, {
    trust: 'AzureAd',
    registered: machine.bought + 4 * DAY,
    lastSignIn: null,
    osVersion: null,
    managed: undefined,
    ownership: null,
    groupTag,
  });
  world.store.put(
    'windowsAutopilotDeviceIdentities',
    autopilotRecord(random, machine, machine.autopilotId, { groupTag, user: undefined, contacted: null }),
  );
}

/** Which sources know a machine: most old desktops are co-managed, one in eight is missing from Intune altogether. */
function addUsedMachine(
  world: World,
  random: Random,
  machine: Machine,
  owner: Person | null,
  technicians: readonly Person[],
): void {
  const stale = owner !== null && owner.leftOn !== null ? random.chance(0.85) : random.chance(0.06);
  machine.inUse = !stale;
  const used =
    world.now -
    Math.floor((stale ? 30 + random.fraction() * 370 : random.fraction() ** 4 * 12) * DAY) -
    random.between(0, 36_000_000);
  const enrolled = Math.min(machine.bought + random.between(5, 60) * DAY, used - DAY);
  const cloud = machine.form === 'laptop' && machine.model.year >= 2021 && random.chance(0.75);
  const mobile = !isWindows(machine);
  const way = mobile ? 'mobile' : cloud || machine.form === 'virtual' ? 'cloud' : 'hybrid';
  const groupTag = cloud && random.chance(0.9) ? random.pick(GROUP_TAGS) : null;
  const withoutDevice = way === 'hybrid' && random.chance(0.015);
  const outsideIntune =
    machine.form === 'server' ? random.chance(0.7) : way === 'hybrid' && !withoutDevice && random.chance(0.125);
  if (groupTag !== null) machine.autopilotId = random.uuid();
  if (!withoutDevice) machine.deviceId = random.uuid();
  const osVersion = mobile
    ? mobileVersion(random, machine.model)
    : drawWindowsVersion(random, machine.model, !stale, world.now);
  const technician = owner !== null && technicians.length > 0 && way === 'hybrid' && random.chance(0.05);
  const shownUser = random.chance(0.025) ? null : technician ? random.pick(technicians) : owner;
  const user = shownUser === null ? undefined : world.store.get('users', shownUser.id);
  const managed = outsideIntune
    ? undefined
    : enrol(world, random, machine, { way, user, enrolled, lastSync: used, osVersion, personal: false });
  if (!withoutDevice) {
    register(world, random, machine, {
      trust: way === 'hybrid' ? 'ServerAd' : 'AzureAd',
      registered: enrolled - random.between(0, 3_600_000),
      lastSignIn: random.chance(0.015) ? null : used - random.between(0, machine.signInInterval) * DAY,
      osVersion,
      managed,
      ownership: managed === undefined ? null : 'Company',
      groupTag,
    });
  }
  if (groupTag !== null && machine.autopilotId !== null) {
    const contacted = enrolled + random.between(0, 20) * DAY;
    world.store.put(
      'windowsAutopilotDeviceIdentities',
      autopilotRecord(random, machine, machine.autopilotId, {
        groupTag,
        user: random.chance(0.5) ? user : undefined,
        contacted,
      }),
    );
  }
  reportReadiness(world, random, machine);
}

function mobileVersion(random: Random, model: MachineModel): string {
  if (model.manufacturer === 'Apple') return `${random.pick(['17.7', '18.5', '18.6', '26.0', '26.1'])}`;
  return random.pick(['13.0', '14.0', '15.0', '16.0']);
}

/** People's own phones: registered in the directory as `Workplace`, a third of them also enrolled as personal devices. */
function addOwnPhones(world: World, random: Random): void {
  for (const person of world.people.values()) {
    if (person.leftOn !== null || !random.chance(0.11)) continue;
    const model = random.weighted(MODELS.phone);
    const machine = addMachine(world, random, {
      model,
      owner: person.id,
      bought: Math.min(Date.UTC(model.year, 10, 1), world.now - 90 * DAY),
      code: 'OWN',
    });
    const user = world.store.get('users', person.id);
    machine.hostname = `${String(user?.['givenName'])}'s ${model.manufacturer === 'Apple' ? 'iPhone' : 'phone'}`;
    machine.deviceId = random.uuid();
    const used = world.now - Math.floor(random.fraction() ** 2 * 80 * DAY);
    const enrolled = used - random.between(20, 700) * DAY;
    const osVersion = mobileVersion(random, model);
    const managed = random.chance(0.33)
      ? enrol(world, random, machine, { way: 'mobile', user, enrolled, lastSync: used, osVersion, personal: true })
      : undefined;
    register(world, random, machine, {
      trust: 'Workplace',
      registered: enrolled,
      lastSignIn: used - random.between(0, machine.signInInterval) * DAY,
      osVersion,
      managed,
      ownership: managed === undefined ? null : 'Personal',
      groupTag: null,
    });
  }
}
