import { describe, expect, it } from '@jest/globals';

import { createTenant } from './demonstration-tenant.js';
import { HOME_BASED, SITES } from './organisation.js';
import type { GraphRecord } from './tenant-store.js';

const tenant = createTenant({ seed: 21 });
const users = tenant.list('users');
const text = (user: GraphRecord, property: string): string => user[property] as string;
const staff = users.filter((user) => user['employeeOrgData'] !== null && user['accountEnabled'] === true);

describe('the people of the demonstration tenant', () => {
  it('are as many as asked, beside leavers, guests, rooms, services and councillors', () => {
    const withNumber = users.filter((user) => user['employeeId'] !== null);
    const enabled = withNumber.filter((user) => user['accountEnabled'] === true);
    expect(enabled.length).toBeGreaterThan(3430);
    expect(enabled.length).toBeLessThanOrEqual(3500);
    expect(withNumber.length - enabled.length).toBeGreaterThan(100);
    const guests = users.filter((user) => user['userType'] === 'Guest');
    expect(guests.length).toBeGreaterThan(80);
    for (const guest of guests) expect(text(guest, 'userPrincipalName')).toContain('#EXT#@');
    expect(users.filter((user) => text(user, 'userPrincipalName').startsWith('svc-')).length).toBeGreaterThan(20);
    expect(users.filter((user) => text(user, 'userPrincipalName').startsWith('room-')).length).toBeGreaterThan(15);
  });

  it('say that they are invented: every address ends in .example', () => {
    for (const user of users) {
      expect(text(user, 'userPrincipalName')).toMatch(/\.example$/);
      if (user['mail'] !== null) expect(text(user, 'mail')).toMatch(/\.example$/);
    }
  });

  it('have unique user principal names in plain letters, and names that are not plain', () => {
    const names = users.map((user) => text(user, 'userPrincipalName').toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9.'_#@-]+(ext#@)?[a-z0-9.@-]*$/);
    const displayNames = users.map((user) => text(user, 'displayName'));
    expect(displayNames.some((name) => /[À-ž]/.test(name))).toBe(true);
    expect(displayNames.some((name) => name.includes("O'"))).toBe(true);
    expect(displayNames.some((name) => name.includes('-'))).toBe(true);
    expect(new Set(displayNames).size).toBeLessThan(displayNames.length - 20);
    expect(names.some((name) => /\d@/.test(name))).toBe(true);
  });

  it('work at known sites, some at home, and some records are blank', () => {
    const sites = new Set(SITES.map((site) => site.name));
    const offices = staff.map((user) => user['officeLocation'] as string | null);
    for (const office of offices) if (office !== null) expect(sites).toContain(office);
    expect(sites.size).toBeGreaterThanOrEqual(14);
    expect(offices).toContain(HOME_BASED.name);
    expect(offices.filter((office) => office === null).length).toBeGreaterThan(40);
    expect(staff.filter((user) => user['department'] === null).length).toBeGreaterThan(20);
  });

  it('show the same licences in both properties', () => {
    let errors = 0;
    let direct = 0;
    for (const user of users) {
      const states = user['licenseAssignmentStates'] as {
        skuId: string;
        state: string;
        assignedByGroup: string | null;
      }[];
      const assigned = (user['assignedLicenses'] as { skuId: string }[]).map((licence) => licence.skuId);
      const given = new Set(states.filter((state) => state.state !== 'Error').map((state) => state.skuId));
      expect(assigned).toEqual([...given]);
      errors += states.filter((state) => state.state === 'Error').length;
      direct += states.filter((state) => state.assignedByGroup === null).length;
    }
    expect(errors).toBeGreaterThan(5);
    expect(errors).toBeLessThan(60);
    expect(direct).toBeGreaterThan(200);
  });

  it('form a tree, but for one pair who manage each other, one who manages himself, and some without a manager', () => {
    const circles = new Set<string>();
    for (const user of users) {
      const seen = new Set<string>();
      let current: string | null = user.id;
      while (current !== null && !seen.has(current)) {
        seen.add(current);
        current = tenant.managerOf(current);
      }
      if (current !== null) circles.add([current, tenant.managerOf(current)].sort().join());
    }
    const pairs = [...circles].map((circle) => circle.split(','));
    expect(pairs.filter(([one, other]) => one === other)).toHaveLength(1);
    expect(pairs.filter(([one, other]) => one !== other)).toHaveLength(1);
    const withoutManager = staff.filter((user) => tenant.managerOf(user.id) === null).length;
    expect(withoutManager).toBeGreaterThan(20);
    expect(withoutManager).toBeLessThan(120);
  });
});
