import { hold } from './licences.js';
import { PRODUCTS } from './licence-catalogue.js';
import { DOMAIN, INITIAL_DOMAIN, SITES } from './organisation.js';
import { drawName, mailName } from './person-names.js';
import type { Random } from './random.js';
import { DAY, instant } from './simulated-time.js';
import { userRecord } from './user-record.js';
import type { World } from './world.js';

const PARTNERS = ['aire-trust.example', 'calder-police.example', 'auditors.example', 'ferrybridge-schools.example'];
const SERVICES = [
  'backup',
  'scanner',
  'sql-reports',
  'intranet',
  'payroll-interface',
  'monitoring',
  'print',
  'gis',
  'housing-link',
];
const ROOMS = ['Oak Room', 'Elm Room', 'Committee Room', 'Interview Room', 'Training Room', 'Board Room', 'Canal Room'];

/** Accounts in the directory that nobody works under: guests, service accounts, meeting rooms, administrators, councillors. */
export function createOtherAccounts(world: World, random: Random, people: number): void {
  addGuests(world, random, Math.round(people * 0.03));
  addServiceAccounts(world, random, Math.round(people * 0.01));
  addRooms(world, random, Math.round(people * 0.006));
  addCouncillors(world, random, Math.min(60, Math.round(people * 0.015)));
}

function created(world: World, random: Random): string {
  return instant(world.now - random.between(10, 2500) * DAY);
}

function addGuests(world: World, random: Random, count: number): void {
  for (let one = 0; one < count; one++) {
    const name = drawName(random);
    const partner = random.pick(PARTNERS);
    const local = mailName(name);
    const principal = `${local}_${partner}#EXT#@${INITIAL_DOMAIN}`;
    if (world.names.has(principal)) continue;
    world.names.add(principal);
    const properties = {
      userPrincipalName: principal,
      displayName: random.chance(0.2) ? `${local}@${partner}` : `${name.given} ${name.surname}`,
      mail: `${local}@${partner}`,
      companyName: null,
      country: null,
      usageLocation: null,
      userType: 'Guest',
      createdDateTime: created(world, random),
    };
    world.store.put('users', userRecord(random.uuid(), properties, []));
  }
}

function addServiceAccounts(world: World, random: Random, count: number): void {
  for (let one = 0; one < count; one++) {
    const local = `svc-${SERVICES[one % SERVICES.length]}${one < SERVICES.length ? '' : `-${Math.floor(one / SERVICES.length)}`}`;
    world.names.add(local);
    const properties = {
      userPrincipalName: `${local}@${DOMAIN}`,
      displayName: local,
      companyName: null,
      createdDateTime: created(world, random),
      onPremisesSyncEnabled: true,
    };
    world.store.put('users', userRecord(random.uuid(), properties, []));
  }
}

function addRooms(world: World, random: Random, count: number): void {
  for (let one = 0; one < count; one++) {
    const site = SITES[one % (SITES.length - 1)] ?? random.pick(SITES);
    const room = `${ROOMS[Math.floor(one / (SITES.length - 1)) % ROOMS.length]} ${one + 1}`;
    const local = `room-${site.code.toLowerCase()}-${one + 1}`;
    world.names.add(local);
    const address = `${local}@${DOMAIN}`;
    const properties = {
      userPrincipalName: address,
      displayName: `${site.name}, ${room}`,
      mail: address,
      officeLocation: site.name,
      city: site.town,
      accountEnabled: random.chance(0.4),
      createdDateTime: created(world, random),
    };
    world.store.put('users', userRecord(random.uuid(), properties, [hold(PRODUCTS.rooms, created(world, random))]));
  }
}

function addCouncillors(world: World, random: Random, count: number): void {
  for (let one = 0; one < count; one++) {
    const name = drawName(random);
    const local = `cllr.${mailName(name)}`;
    if (world.names.has(local)) continue;
    world.names.add(local);
    const address = `${local}@${DOMAIN}`;
    const properties = {
      userPrincipalName: address,
      displayName: `Cllr ${name.given} ${name.surname}`,
      mail: address,
      givenName: name.given,
      surname: name.surname,
      jobTitle: 'Councillor',
      department: 'Members',
      employeeType: 'Member',
      createdDateTime: created(world, random),
      onPremisesSyncEnabled: true,
    };
    world.store.put('users', userRecord(random.uuid(), properties, [hold(PRODUCTS.e3, created(world, random))]));
  }
}
