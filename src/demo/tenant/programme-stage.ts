import type { Machine } from './machine.js';
import { MODELS, type MachineModel } from './machine-models.js';
import { isWorkingDay, midnightOf, programmeCalendar, ukTime, type ProgrammeCalendar } from './programme-calendar.js';
import { enrolledAt, hiredAt, isRolloutDesktop, machinesByOwner } from './programme-laptops.js';
import { emptyStory, type ProgrammeStory, type StoryList, type StoryRecord } from './programme-records.js';
import { APPLICATIONS, SETTINGS } from './programme-settings.js';
import { SlotBook } from './programme-slots.js';
import { Random } from './random.js';
import { drawSerial, PLACEHOLDER_SERIALS } from './serial-numbers.js';
import { DAY, dateOf, instant } from './simulated-time.js';
import type { GraphRecord } from './tenant-store.js';
import type { Person, World } from './world.js';

const HOUR = 3_600_000;
/** From the start to the day by which the last desktop is to be gone. */
const PROGRAMME_DAYS = 790;

/** Somebody with what the story needs to know of them. */
export interface Player {
  readonly person: Person;
  readonly id: string;
  readonly user: GraphRecord;
  /** In use or not, with Intune. */
  readonly desktops: readonly Machine[];
  readonly laptops: readonly Machine[];
  /** The laptop that was enrolled since the programme began, and when; null for everybody who has not moved. */
  readonly moved: { readonly laptop: Machine; readonly at: number } | null;
  readonly hired: number;
  readonly left: number | null;
}

/** Everything that the parts of the story work on. */
export class ProgrammeStage {
  readonly calendar: ProgrammeCalendar;
  readonly story: ProgrammeStory;
  readonly slots: SlotBook;
  readonly players: readonly Player[];
  readonly technicians: readonly string[];
  readonly #keys = new Map<Machine, string>();
  readonly #serials: Set<string>;

  constructor(readonly world: World) {
    this.calendar = programmeCalendar(world.now);
    const { baseline } = this.calendar;
    this.story = emptyStory(world.now, {
      name: 'Desktop to laptop (demonstration)',
      startsOn: dateOf(baseline),
      targetOn: dateOf(baseline + PROGRAMME_DAYS * DAY),
      baselineAt: instant(baseline),
      scope: {
        directorates: [],
        sites: [],
        exceptEmployeeTypes: ['Casual'],
        exceptTeams: [],
        includePeopleWithoutDesktop: false,
      },
      settings: SETTINGS,
    });
    for (const application of APPLICATIONS) {
      this.story.applications.push({ ...application, since: instant(baseline + 30 * DAY) });
    }
    this.#serials = new Set(world.machines.map(({ serial }) => serial));
    this.technicians = technicians(world);
    this.slots = new SlotBook(this.story.slots, this.technicians);
    const owned = machinesByOwner(world);
    this.players = [...world.people.values()].flatMap((person) => {
      const user = world.store.get('users', person.id);
      return user === undefined || user['employeeType'] === 'Casual'
        ? []
        : [playerOf(world, person, user, owned.get(person.id) ?? [], baseline)];
    });
  }

  /** Chance of its own for a part of the story, so that the parts do not depend on each other. */
  random(...labels: readonly string[]): Random {
    return new Random(this.world.seed, 'programme', ...labels);
  }

  add(list: StoryList, record: StoryRecord & { readonly at?: number }): void {
    const { at, ...rest } = record;
    this.story[list].push(at === undefined ? rest : { ...rest, at: instant(at) });
  }

  /** The name that the records give a machine that some source knows. */
  known(machine: Machine): string {
    const known = this.#keys.get(machine);
    if (known !== undefined) return known;
    const key = `M${this.story.machines.length + 1}`;
    this.#keys.set(machine, key);
    this.story.machines.push({
      machine: key,
      serialNumber: PLACEHOLDER_SERIALS.includes(machine.serial) ? null : machine.serial,
      manufacturer: machine.model.manufacturer,
      model: machine.model.model,
      intuneDeviceId: machine.managedId,
      entraDeviceId: machine.deviceId,
    });
    return key;
  }

  /** A machine that no source has any more, or never had: only the programme's records know its serial number. */
  former(random: Random, models: readonly MachineModel[] = FORMER_DESKTOPS): string {
    const model = random.weighted(models);
    const bought = Date.UTC(model.year, random.between(2, 14), random.between(1, 28));
    let serial = drawSerial(random, model, bought);
    while (this.#serials.has(serial) || PLACEHOLDER_SERIALS.includes(serial))
      serial = drawSerial(random, model, bought);
    this.#serials.add(serial);
    const key = `M${this.story.machines.length + 1}`;
    const { manufacturer } = model;
    const enrolledAt = instant(bought + random.between(5, 60) * DAY);
    this.story.machines.push({ machine: key, serialNumber: serial, manufacturer, model: model.model, enrolledAt });
    return key;
  }

  /** Puts somebody into the baseline. */
  enrol(player: Player): void {
    const { user, id } = player;
    this.story.baseline.people.push({
      person: id,
      directorate: (user['employeeOrgData'] as { readonly division?: string } | null)?.division ?? null,
      team: user['department'],
      site: user['officeLocation'],
      manager: this.world.managers.managerOf(id),
    });
  }

  baselineDesktop(machine: string, person: string | null): void {
    this.story.baseline.desktops.push({ machine, person });
  }

  /** A time in office hours on the last working day up to an instant, but after another instant. */
  office(random: Random, at: number, after: number): number {
    let midnight = midnightOf(at);
    while (!isWorkingDay(midnight)) midnight -= DAY;
    const wished = ukTime(midnight, 9) + random.between(0, 450) * 60_000;
    return Math.min(Math.max(wished, after + HOUR), this.calendar.now - 60_000);
  }
}

const FORMER_DESKTOPS = MODELS.desktop.filter(({ manufacturer }) => /^(Dell|HP|Hewlett|LENOVO)/.test(manufacturer));

/** Those who hand laptops over: desktop engineers; in a small council whoever does the computers. */
function technicians(world: World): readonly string[] {
  const staff = [...world.people.values()].filter((person) => person.leftOn === null);
  const department = staff.filter((person) => person.service?.code === 'ICT' && person.rank === 'member');
  const engineers = department.filter(
    (person) => world.store.get('users', person.id)?.['jobTitle'] === 'Desktop Engineer',
  );
  const chosen = engineers.length >= 3 ? engineers : department.length > 0 ? department : staff;
  return chosen.slice(0, 12).map(({ id }) => id);
}

function playerOf(
  world: World,
  person: Person,
  user: GraphRecord,
  machines: readonly Machine[],
  baseline: number,
): Player {
  const managed = machines.filter((machine) => machine.managedId !== null);
  const laptops = managed.filter(({ form }) => form === 'laptop');
  const laptop = laptops.find((machine) => (enrolledAt(world, machine) ?? 0) > baseline);
  return {
    person,
    id: person.id,
    user,
    desktops: machines.filter(isRolloutDesktop),
    laptops,
    moved: laptop === undefined ? null : { laptop, at: enrolledAt(world, laptop) ?? 0 },
    hired: hiredAt(world, person) ?? 0,
    left: person.leftOn === null ? null : world.now + person.leftOn * DAY,
  };
}
