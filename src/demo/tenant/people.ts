import type { Post, Rank } from './hierarchy.js';
import { planHierarchy } from './hierarchy.js';
import { drawHoldings } from './licences.js';
import type { Service } from './organisation.js';
import { SITES } from './organisation.js';
import { drawName } from './person-names.js';
import type { Random } from './random.js';
import type { Properties } from './record-store.js';
import { DAY, instant, midnight } from './simulated-time.js';
import { extensionAttributes, nameProperties, placeProperties, userRecord } from './user-record.js';
import type { Person, World } from './world.js';

const EMPLOYEE_TYPES = [
  { name: 'Permanent', weight: 82 },
  { name: 'Fixed term', weight: 9 },
  { name: 'Agency', weight: 6 },
  { name: 'Apprentice', weight: 2 },
  { name: 'Casual', weight: 1 },
];

/** Where in the council a joiner will work. */
export type Placement = Pick<Post, 'rank' | 'directorate' | 'service' | 'team'>;

/** Fills every post of a council with a person, links each to its manager, and adds those who left. */
export function createPeople(world: World, random: Random, count: number): void {
  const ids: string[] = [];
  for (const post of planHierarchy(count)) {
    const person = addPerson(world, random, post, drawHireDate(random, world.now));
    ids.push(person.id);
    const manager = post.manager === null ? undefined : ids[post.manager];
    if (manager !== undefined && !random.chance(0.012)) world.managers.set(person.id, manager);
  }
  blankSomeProperties(world, random, ids);
  addLeavers(world, random, Math.round(count * 0.04));
  linkFaults(world);
}

/** Adds one person with an account, in the directory and in the simulation; the manager is linked by the caller. */
export function addPerson(world: World, random: Random, placement: Placement, hired: number): Person {
  const atDesk = placement.rank !== 'member' || !random.chance(placement.service?.frontLine ?? 0);
  const person: Person = {
    id: random.uuid(),
    rank: placement.rank,
    atDesk,
    directorate: placement.directorate,
    service: placement.service,
    team: placement.team,
    site: random.weighted(SITES),
    leftOn: null,
    removed: false,
  };
  world.people.set(person.id, person);
  const workStyle = random.chance(0.4)
    ? null
    : atDesk
      ? random.pick(['Fixed', 'Flexible', 'Flexible', 'Home'])
      : 'Field';
  const properties: Properties = {
    ...nameProperties(drawName(random), world.names),
    ...placeProperties(person),
    jobTitle: jobTitle(random, placement.rank, placement),
    businessPhones: atDesk && random.chance(0.5) ? [`01632 960${random.between(100, 999)}`] : [],
    mobilePhone: random.chance(0.35) ? `07700 900${random.between(100, 999)}` : null,
    preferredLanguage: random.chance(0.1) ? 'en-GB' : null,
    employeeId: String(100_000 + world.names.size),
    employeeType: random.weighted(EMPLOYEE_TYPES).name,
    employeeHireDate: random.chance(0.02) ? null : midnight(hired),
    createdDateTime: instant(hired - random.between(0, 9) * DAY - random.between(0, 28_800_000)),
    onPremisesSyncEnabled: random.chance(0.97) ? true : null,
    onPremisesExtensionAttributes: extensionAttributes(placement.team, workStyle),
  };
  const holdings = drawHoldings(random, { atDesk, serviceCode: placement.service?.code ?? null }, world.now);
  world.store.put('users', userRecord(person.id, properties, holdings));
  return person;
}

function drawHireDate(random: Random, now: number): number {
  return now - Math.floor(30 + random.fraction() ** 2 * 9000) * DAY;
}

/** The title of a post; for the front line and the desk alike it comes from the service. */
export function jobTitle(
  random: Random,
  rank: Rank,
  place: {
    readonly directorate: { readonly name: string } | null;
    readonly service: Service | null;
    readonly team: string | null;
  },
): string {
  switch (rank) {
    case 'chief':
      return 'Chief Executive';
    case 'director':
      return `Director of ${place.directorate?.name ?? 'Services'}`;
    case 'head':
      return `Head of ${place.service?.name ?? 'Service'}`;
    case 'manager':
      return `Service Manager, ${place.team ?? 'Operations'}`;
    case 'leader':
      return `Team Leader, ${place.team ?? 'Operations'}`;
    case 'member':
      return random.pick(place.service?.titles ?? ['Officer']);
  }
}

/** Properties that nobody filled in: department and office for a few people in a hundred, number and title for fewer. */
function blankSomeProperties(world: World, random: Random, ids: readonly string[]): void {
  for (const id of ids) {
    const blank: Properties = {};
    if (random.chance(0.015)) blank['department'] = null;
    if (random.chance(0.03)) blank['officeLocation'] = null;
    if (random.chance(0.01)) blank['employeeId'] = null;
    if (random.chance(0.006)) blank['jobTitle'] = null;
    if (random.chance(0.01)) blank['employeeOrgData'] = null;
    if (random.chance(0.004)) blank['mail'] = null;
    world.store.patch('users', id, blank);
  }
}

/** Accounts of people who left: most are disabled for good and forgotten, some only a few days ago. */
function addLeavers(world: World, random: Random, count: number): void {
  const posts = [...world.people.values()].filter((person) => person.rank === 'member');
  for (let one = 0; one < count; one++) {
    const left = random.chance(0.3) ? random.between(1, 29) : random.between(61, 900);
    const person = addPerson(world, random, random.pick(posts), world.now - (left + random.between(40, 3000)) * DAY);
    person.leftOn = -left;
    world.store.patch('users', person.id, { accountEnabled: false });
    if (posts.length > 0 && random.chance(0.5)) {
      const colleague = random.pick(posts);
      world.managers.set(person.id, world.managers.managerOf(colleague.id));
    }
  }
}

/** Two faults that a real directory has: two team leaders who manage each other, and one who manages himself. */
function linkFaults(world: World): void {
  const leaders = [...world.people.values()].filter((person) => person.rank === 'leader' && person.leftOn === null);
  const [one, other, alone] = leaders.slice(-3);
  if (one === undefined || other === undefined || alone === undefined) return;
  world.managers.set(one.id, other.id);
  world.managers.set(other.id, one.id);
  world.managers.set(alone.id, alone.id);
}
