import { hold, holdingsOf, licenceProperties } from './licences.js';
import { PRODUCTS } from './licence-catalogue.js';
import type { Day } from './day.js';
import { issueLaptop, takeBoxedLaptop } from './life-machines.js';
import { userProperties } from './managed-device-record.js';
import { SITES } from './organisation.js';
import { addPerson, jobTitle } from './people.js';
import { drawSurname } from './person-names.js';
import { DAY, isMonday } from './simulated-time.js';
import { extensionAttributes, nameProperties, placeProperties } from './user-record.js';
import type { Person, World } from './world.js';

// How often things happen on one working day, for each person. A year has about 253 working days; 13 % of staff leave in one, as
// in many councils. All rates are invented for the demonstration.
const LEAVING = 0.13 / 253;
const JOINING = 0.13 / 253;
const MARRYING = 0.008 / 253;
const MOVING = 0.06 / 253;
const LICENCE_CHANGES = 0.1 / 253;

const DAYS_UNTIL_REMOVED = 30;
const DAYS_UNTIL_GONE = 60;

/** The people who work for the council and whose account is there. */
export function workingPeople(world: World): Person[] {
  return [...world.people.values()].filter(
    (person) => person.leftOn === null && world.store.get('users', person.id) !== undefined,
  );
}

function link(world: World, userId: string, managerId: string | null): void {
  if (world.managers.set(userId, managerId)) world.store.logLink('users', userId, 'manager');
}

/** Soft-deletes accounts 30 days after they were disabled and ends them 30 days later; those forgotten long ago stay. */
export function removeLeavers({ world, count }: Day): void {
  for (const person of [...world.people.values()]) {
    if (person.leftOn === null || person.leftOn <= -DAYS_UNTIL_REMOVED) continue;
    const days = world.day - person.leftOn;
    if (days >= DAYS_UNTIL_REMOVED && !person.removed) {
      person.removed = true;
      if (world.store.get('users', person.id) === undefined) continue;
      world.store.remove('users', person.id, 'changed');
      count('leavers removed');
    }
    if (days >= DAYS_UNTIL_GONE) {
      world.people.delete(person.id);
      if (!world.store.isRestorable('users', person.id)) continue;
      world.store.remove('users', person.id, 'deleted');
      for (const report of world.managers.reportsOf(person.id)) world.managers.set(report, null);
      world.managers.set(person.id, null);
      count('leavers deleted for good');
    }
  }
}

/** Disables the accounts of those who leave today; a manager's people mostly go to the manager above. */
export function disableLeavers({ world, random, count }: Day): void {
  const staff = workingPeople(world).filter((person) => person.rank === 'member' || person.rank === 'leader');
  for (const person of random.shuffled(staff).slice(0, random.occurrences(staff.length * LEAVING))) {
    person.leftOn = world.day;
    world.store.patch('users', person.id, { accountEnabled: false });
    count('leavers');
    if (random.chance(0.7)) {
      const above = world.managers.managerOf(person.id);
      for (const report of world.managers.reportsOf(person.id)) if (report !== above) link(world, report, above);
    }
    for (const machine of world.machines) {
      if (machine.owner !== person.id) continue;
      machine.inUse = false;
      if (random.chance(0.6)) machine.retiresOn = world.day + random.between(2, 20);
    }
  }
}

/** New people, mostly on Mondays, each beside a colleague, with that colleague's manager and, at a desk, a new laptop. */
export function welcomeJoiners({ world, random, count }: Day): void {
  const members = workingPeople(world).filter((person) => person.rank === 'member');
  const average = world.people.size * JOINING * (isMonday(world.now) ? 3 : 0.5);
  const joiners = members.length === 0 ? 0 : random.occurrences(average);
  for (let one = 0; one < joiners; one++) {
    const colleague = random.pick(members);
    const person = addPerson(world, random, { ...colleague, rank: 'member' }, world.now);
    link(world, person.id, world.managers.managerOf(colleague.id));
    count('joiners');
    const laptop = person.atDesk ? takeBoxedLaptop(world, random) : undefined;
    if (laptop !== undefined) issueLaptop(world, random, laptop, person);
  }
}

/** Some people take a new surname: display name, mail and user principal name follow, the id stays. */
export function renameMarried({ world, random, count }: Day): void {
  const people = workingPeople(world);
  for (const person of random.shuffled(people).slice(0, random.occurrences(people.length * MARRYING))) {
    const user = world.store.get('users', person.id);
    const before = String(user?.['surname']);
    const surname = random.chance(0.3) ? `${before}-${drawSurname(random)}` : drawSurname(random);
    if (surname === before) continue;
    world.store.patch('users', person.id, nameProperties({ given: String(user?.['givenName']), surname }, world.names));
    count('new surnames');
    const renamed = world.store.get('users', person.id);
    for (const machine of world.machines) {
      if (machine.managedId === null) continue;
      if (world.store.get('managedDevices', machine.managedId)?.['userId'] !== person.id) continue;
      world.store.patch('managedDevices', machine.managedId, userProperties(renamed));
    }
  }
}

/** People move: half of them to another team with its manager, the others only to another site. */
export function moveStaff({ world, random, count }: Day): void {
  const members = workingPeople(world).filter((person) => person.rank === 'member');
  for (const person of random.shuffled(members).slice(0, random.occurrences(members.length * MOVING))) {
    const colleague = random.pick(members);
    if (random.chance(0.5) || colleague.team === person.team) {
      person.site = random.weighted(SITES);
      world.store.patch('users', person.id, { officeLocation: person.site.name, city: person.site.town });
      count('moves of site');
      continue;
    }
    Object.assign(person, {
      directorate: colleague.directorate,
      service: colleague.service,
      team: colleague.team,
      site: colleague.site,
    });
    world.store.patch('users', person.id, {
      ...placeProperties(person),
      jobTitle: jobTitle(random, 'member', person),
      onPremisesExtensionAttributes: extensionAttributes(person.team, null),
    });
    link(world, person.id, world.managers.managerOf(colleague.id));
    count('moves of team');
  }
}

/** Licences beside the main one come and go. */
export function changeLicences({ world, random, count }: Day): void {
  const people = workingPeople(world).filter((person) => person.atDesk);
  const optional = [PRODUCTS.powerBi, PRODUCTS.phone, PRODUCTS.visio, PRODUCTS.project, PRODUCTS.flow];
  const skus = new Set<string>(optional.map((product) => product.skuId));
  const since = new Date(world.now - DAY / 8).toISOString().replace(/\.\d+/, '');
  for (const person of random.shuffled(people).slice(0, random.occurrences(people.length * LICENCE_CHANGES))) {
    const user = world.store.get('users', person.id);
    if (user === undefined) continue;
    const holdings = holdingsOf(user);
    const extra = holdings.find((holding) => skus.has(holding.skuId));
    const product = random.pick(optional);
    const changed =
      extra !== undefined && random.chance(0.5)
        ? holdings.filter((holding) => holding !== extra)
        : [...holdings.filter((holding) => holding.skuId !== product.skuId), hold(product, since)];
    world.store.patch('users', person.id, licenceProperties(changed));
    count('licence changes');
  }
}
