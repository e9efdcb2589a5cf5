import { describe, expect, it } from '@jest/globals';
import { createTenant } from './demonstration-tenant.js';
import { homeLineOf } from './network-homes.js';
import type { NetworkStory, StoryCheck } from './network-records.js';
import { HOME_BASED, SITES } from './organisation.js';
import { DAY } from './simulated-time.js';

const tenant = createTenant({ seed: 41, people: 1_500 });
const story = tenant.networkStory();
const now = Date.parse(tenant.today);
const sites = new Map(story.sites.map((site) => [site.name, site]));

describe('the networks of the demonstration', () => {
  it('are the same for the same seed, and others for another', () => {
    const told = (seed: number): NetworkStory => createTenant({ seed, people: 200 }).networkStory();
    expect(JSON.stringify(told(41))).toBe(JSON.stringify(told(41)));
    expect(JSON.stringify(told(42))).not.toBe(JSON.stringify(told(41)));
  });

  it('are told on the first day only', () => {
    const later = createTenant({ seed: 41, people: 60 });
    later.advance(1);
    expect(() => later.networkStory()).toThrow('first day');
  });

  it.each([1, 3, 25])('can be told of a council of %i', (people) => {
    for (const { links } of createTenant({ seed: 2, people }).networkStory().sites) {
      for (const { downloadKbps, uploadKbps } of links) expect(Math.min(downloadKbps, uploadKbps)).toBeGreaterThan(0);
    }
  });

  it('are known of all sites but two, and not of those who work at home', () => {
    const unknown = SITES.filter(({ name }) => !sites.has(name)).map(({ name }) => name);
    expect(unknown).toEqual(['Brotherton Lane Day Centre', 'Westgate Registry Office', HOME_BASED.name]);
  });

  it('have one survey that failed and one that has expired', () => {
    const surveys = [...sites.values()].flatMap(({ name, surveys: all }) => all.map((survey) => ({ name, ...survey })));
    expect(surveys.filter(({ result }) => result === 'failed').map(({ name }) => name)).toEqual([
      'Millrace Family Hub',
    ]);
    const today = tenant.today.slice(0, 10);
    expect(surveys.filter(({ expiresOn }) => expiresOn < today).map(({ name }) => name)).toEqual([
      "St Oswald's Children's Centre",
    ]);
  });

  it('have addresses of their own for every site, and only such as lead nowhere', () => {
    const subnets = story.sites.map(({ subnet }) => subnet);
    expect(new Set(subnets).size).toBe(subnets.length);
    for (const subnet of [...subnets, story.remoteAccess.pool]) expect(subnet).toMatch(/^10\.\d+\.0\.0\/16$/);
    const egresses = story.sites.flatMap(({ egress }) => egress ?? []);
    expect(new Set(egresses).size).toBe(egresses.length);
    for (const egress of [...egresses, story.sharedEgress]) expect(egress).toMatch(/^(203\.0\.113|198\.51\.100)\.\d+$/);
  });

  it('were tested twice a week for eight weeks', () => {
    for (const name of sites.keys()) {
      const tests = story.siteTests.filter(({ site }) => site === name);
      expect([name, tests.length]).toEqual([name, 16]);
    }
    for (const { at } of story.siteTests) expect(now - Date.parse(at)).toBeLessThan(57 * DAY);
  });
});

describe('the connection checks of the demonstration', () => {
  const byPerson = new Map<string, StoryCheck[]>();
  for (const check of story.checks) byPerson.set(check.person, [...(byPerson.get(check.person) ?? []), check]);
  const home = (checks: readonly StoryCheck[]): readonly StoryCheck[] => checks.filter(({ place }) => place === 'home');

  it('are of somewhat more than half of its people', () => {
    const staff = tenant.list('users').filter((user) => user['userType'] === 'Member' && user['employeeId'] !== null);
    const share = byPerson.size / staff.length;
    expect(share).toBeGreaterThan(0.5);
    expect(share).toBeLessThan(0.65);
  });

  it('are of the eight weeks before, on their days of work, and each counts once', () => {
    for (const { at } of story.checks) {
      expect(Date.parse(at)).toBeLessThan(now);
      expect(now - Date.parse(at)).toBeLessThan(57 * DAY);
      expect([0, 6]).not.toContain(new Date(at).getUTCDay());
    }
    expect(new Set(story.checks.map(({ submission }) => submission)).size).toBe(story.checks.length);
  });

  it('say of each home what its line is, most of them good and a few not', () => {
    const kinds = new Map<string, number>();
    for (const [person, checks] of byPerson) {
      const line = homeLineOf(41, person);
      kinds.set(line.kind, (kinds.get(line.kind) ?? 0) + 1);
      for (const { uploadKbps, roundTripMs } of home(checks)) {
        expect(uploadKbps).toBeLessThanOrEqual(line.uploadKbps * 1.06);
        expect(roundTripMs).toBeGreaterThan(line.roundTripMs * 0.8);
      }
    }
    const share = (...names: string[]): number =>
      names.reduce((total, name) => total + (kinds.get(name) ?? 0), 0) / byPerson.size;
    expect(share('full fibre', 'cable', 'fibre to the cabinet')).toBeGreaterThan(0.7);
    expect(share('copper')).toBeGreaterThan(0.05);
    expect(share('copper')).toBeLessThan(0.15);
    expect(share('weak Wi-Fi')).toBeGreaterThan(0.02);
    expect(share('weak Wi-Fi')).toBeLessThan(0.1);
  });

  it('name a site only for what was measured in an office of which something is known', () => {
    for (const { place, site } of story.checks) {
      expect(place === 'office' ? sites.has(site ?? '') : site === null).toBe(true);
    }
    expect(story.checks.some(({ place }) => place === 'remote_access')).toBe(true);
  });
});
