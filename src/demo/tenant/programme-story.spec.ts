import { describe, expect, it } from '@jest/globals';
import { createTenant, type DemonstrationTenant } from './demonstration-tenant.js';
import { isWorkingDay, programmeCalendar, ukTime } from './programme-calendar.js';
import type { ProgrammeStory, StoryRecord } from './programme-records.js';
import { PLACEHOLDER_SERIALS } from './serial-numbers.js';
import { DAY } from './simulated-time.js';

const time = (record: StoryRecord): number => Date.parse(String(record['at']));
const share = (part: number, whole: number): number => part / whole;

/** Machines that the story knows by a record of the tenant, by their name in it. */
function machinesOf(story: ProgrammeStory): ReadonlyMap<unknown, StoryRecord> {
  return new Map(story.machines.map((machine) => [machine['machine'], machine]));
}

function managedRecord(tenant: DemonstrationTenant, machine: StoryRecord | undefined): StoryRecord | undefined {
  return tenant.get('managedDevices', String(machine?.['intuneDeviceId']));
}

describe('the story of the rollout', () => {
  const tenant = createTenant({ seed: 41, people: 1_500 });
  const story = tenant.programmeStory();
  const machines = machinesOf(story);

  it('is the same for the same seed, and another for another', () => {
    expect(JSON.stringify(createTenant({ seed: 41, people: 1_500 }).programmeStory())).toBe(JSON.stringify(story));
    expect(JSON.stringify(createTenant({ seed: 42, people: 1_500 }).programmeStory())).not.toBe(JSON.stringify(story));
  });

  it('is told on the first day only', () => {
    const later = createTenant({ seed: 41, people: 60 });
    later.advance(1);
    expect(() => later.programmeStory()).toThrow('first day');
  });

  it.each([1, 3, 25])('can be told of a council of %i', (people) => {
    expect(createTenant({ seed: 2, people }).programmeStory().format).toBe('untether-programme-history/1');
  });

  it('ends with whom Intune shows on their laptops since the day of the hand-over', () => {
    expect(story.handOvers.length).toBeGreaterThan(150);
    let seen = 0;
    for (const handOver of story.handOvers) {
      const managed = managedRecord(tenant, machines.get(handOver['machine']));
      if (managed === undefined) continue;
      seen += 1;
      expect(Math.abs(Date.parse(String(managed['enrolledDateTime'])) - time(handOver))).toBeLessThan(1_000);
      expect(Date.parse(String(managed['lastSyncDateTime']))).toBeGreaterThan(time(handOver));
    }
    // The others are those that were rolled back.
    expect(story.handOvers.length - seen).toBe(3);
  });

  it('knows by serial number alone what came back, but for the few that are seen again', () => {
    const desktops = new Set(story.baseline.desktops.map(({ machine }) => machine));
    const back = story.recoveries.filter(({ machine }) => desktops.has(machine));
    const shown = back.filter(({ machine }) => managedRecord(tenant, machines.get(machine)) !== undefined);
    expect(back.length).toBeGreaterThan(200);
    expect(share(shown.length, back.length)).toBeLessThan(0.03);
    const serials = new Set(tenant.list('managedDevices').map((record) => record['serialNumber']));
    for (const { machine } of back) {
      const one = machines.get(machine);
      if (one?.['intuneDeviceId'] !== undefined) continue;
      expect(serials.has(one?.['serialNumber'])).toBe(false);
      expect(PLACEHOLDER_SERIALS).not.toContain(one?.['serialNumber']);
    }
  });

  it('has every desktop that stands there in its baseline once, and nobody twice', () => {
    const people = story.baseline.people.map(({ person }) => person);
    const desktops = story.baseline.desktops.map(({ machine }) => machine);
    expect(new Set(people).size).toBe(people.length);
    expect(new Set(desktops).size).toBe(desktops.length);
    expect(people.every((person) => tenant.get('users', String(person)) !== undefined)).toBe(true);
  });

  it('has what happens in a rollout, in proportion', () => {
    const bookings = story.bookings.filter(({ slot }) => slot !== undefined);
    const missed = bookings.filter(({ outcome }) => outcome === 'missed');
    expect(share(missed.length, bookings.length)).toBeGreaterThan(0.02);
    expect(share(missed.length, bookings.length)).toBeLessThan(0.12);
    expect(story.statements.filter(({ kind }) => kind === 'rolled-back')).toHaveLength(3);
    expect(story.waves).toHaveLength(5);
    for (const { people } of story.waves) expect(people.length).toBeGreaterThan(0);
    for (const list of ['departures', 'arrivals', 'deferrals', 'exemptions', 'losses', 'reclassifications'] as const) {
      expect([list, story[list].length > 0]).toEqual([list, true]);
    }
    expect(story.assignments.filter(({ kind }) => kind === 'desktop').length).toBeGreaterThan(10);
    expect(bookings.filter(({ outcome }) => outcome === 'booked').length).toBeGreaterThan(10);
  });

  it('hands laptops over on working days, in sessions that have their places', () => {
    const places = new Map<unknown, number>();
    for (const slot of story.slots) {
      const start = Date.parse(String(slot['startsAt']));
      const midnight = Math.floor(start / DAY) * DAY;
      expect(isWorkingDay(midnight)).toBe(true);
      expect([ukTime(midnight, 9), ukTime(midnight, 13)]).toContain(start);
      places.set(slot['slot'], Number(slot['capacity']));
    }
    for (const { slot, outcome } of story.bookings) {
      if (slot === undefined || (outcome !== 'attended' && outcome !== 'booked')) continue;
      places.set(slot, (places.get(slot) ?? 0) - 1);
    }
    expect([...places.values()].every((left) => left >= 0)).toBe(true);
  });

  it('reaches back nine months, and is slow in August', () => {
    const { baseline, now, handOverDays } = programmeCalendar(Date.parse(tenant.today));
    expect((now - baseline) / DAY).toBeGreaterThan(270);
    expect(handOverDays.length).toBeGreaterThan(150);
    const month = (index: number): number =>
      story.handOvers.filter((handOver) => new Date(time(handOver)).getUTCMonth() === index).length;
    expect(month(7)).toBeLessThan(month(8));
  });
});

describe('the calendar of the rollout', () => {
  it.each([
    ['2026-04-03', false],
    ['2026-04-06', false],
    ['2026-04-07', true],
    ['2026-05-04', false],
    ['2026-05-25', false],
    ['2026-08-31', false],
    ['2026-12-25', false],
    ['2026-12-29', false],
    ['2026-11-02', true],
    ['2026-11-01', false],
    ['2027-03-26', false],
  ])('%s is a working day: %s', (date, working) => {
    expect(isWorkingDay(Date.parse(`${date}T00:00:00Z`))).toBe(working);
  });

  it('has UK time across both changes of the clock', () => {
    const at = (date: string): string => new Date(ukTime(Date.parse(`${date}T00:00:00Z`), 9)).toISOString();
    expect(at('2026-03-28')).toBe('2026-03-28T09:00:00.000Z');
    expect(at('2026-03-30')).toBe('2026-03-30T08:00:00.000Z');
    expect(at('2026-10-24')).toBe('2026-10-24T08:00:00.000Z');
    expect(at('2026-10-26')).toBe('2026-10-26T09:00:00.000Z');
  });
});
