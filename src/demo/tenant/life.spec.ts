import { describe, expect, it } from '@jest/globals';

import { createTenant } from './demonstration-tenant.js';
import { DAY } from './simulated-time.js';

describe('the days of the demonstration tenant', () => {
  const tenant = createTenant({ seed: 41, people: 1500 });
  const before = new Map(tenant.list('users').map((user) => [user.id, user]));
  const start = tenant.latestSequence();
  const days = tenant.advance(100);
  const total = (event: string): number => days.reduce((sum, day) => sum + (day.events[event] ?? 0), 0);
  const userChanges = tenant.changesAfter('users', start);

  it('bring every kind of event, in believable numbers', () => {
    expect(days).toHaveLength(100);
    expect(days[0]?.date).toBe('2026-11-03');
    for (const event of [
      'joiners',
      'leavers',
      'leavers removed',
      'leavers deleted for good',
      'moves of team',
      'moves of site',
      'licence changes',
      'laptops issued for desktops',
      'desktops retired',
      'machines enrolled again',
      'laptops delivered',
      'system updates',
      'compliance changes',
      'new surnames',
    ]) {
      expect([event, total(event) > 0]).toEqual([event, true]);
    }
    // 13 % a year of 1,500 people is 55 in 100 days.
    expect(total('leavers')).toBeGreaterThan(30);
    expect(total('leavers')).toBeLessThan(80);
    expect(total('joiners')).toBeGreaterThan(25);
  });

  it('are quiet at weekends', () => {
    for (const day of days) {
      if (![0, 6].includes(new Date(day.date).getUTCDay())) continue;
      expect(day.events['joiners'] ?? 0).toBe(0);
      expect(day.events['laptops issued for desktops'] ?? 0).toBe(0);
      expect(day.events['machines used'] ?? 0).toBeLessThan(300);
    }
  });

  it('disable leavers first, remove them 30 days later so that they can be restored, and end them after 30 more', () => {
    const removed = userChanges.filter((change) => change.kind === 'removed');
    const ended = removed.filter((change) => change.reason === 'deleted');
    expect(ended.length).toBeGreaterThan(0);
    for (const end of ended) {
      const soft = removed.find((change) => change.id === end.id && change.reason === 'changed');
      expect(soft?.sequence).toBeLessThan(end.sequence);
    }
    const soft = removed.find((change) => change.reason === 'changed' && !ended.some((end) => end.id === change.id));
    tenant.restore('users', String(soft?.id));
    expect(tenant.get('users', String(soft?.id))?.['accountEnabled']).toBe(false);
  });

  it('keep the id of people who take a new surname', () => {
    const renamed = userChanges.filter((change) => change.properties?.includes('surname') === true);
    expect(renamed.length).toBe(total('new surnames'));
    for (const change of renamed) {
      expect(change.properties).toEqual(expect.arrayContaining(['displayName', 'userPrincipalName', 'surname']));
    }
    expect(renamed.some((change) => before.has(change.id))).toBe(true);
  });

  it('enrol a laptop under a new record with the serial number that Autopilot knew', () => {
    const issued = tenant
      .changesAfter('windowsAutopilotDeviceIdentities', start)
      .filter((change) => change.properties?.includes('managedDeviceId'));
    expect(issued.length).toBeGreaterThan(20);
    for (const change of issued) {
      const identity = tenant.get('windowsAutopilotDeviceIdentities', change.id);
      const managed = tenant.get('managedDevices', identity?.['managedDeviceId'] as string);
      if (managed !== undefined) expect(managed['serialNumber']).toBe(identity?.['serialNumber']);
    }
  });

  it('give an enrolment repeated on the same machine a new id, the same serial number and the same directory device', () => {
    const living = createTenant({ seed: 42, people: 1500 });
    const old = living.list('managedDevices');
    living.advance(14);
    const gone = old.filter((one) => living.get('managedDevices', one.id) === undefined);
    const again = gone.filter((one) =>
      living
        .list('managedDevices')
        .some(
          (now) =>
            now['azureADDeviceId'] === one['azureADDeviceId'] &&
            now['serialNumber'] === one['serialNumber'] &&
            now.id !== one.id,
        ),
    );
    expect(again.length).toBeGreaterThan(0);
  });

  it('move the last sign-in only when the one known is at least nine days old', () => {
    const living = createTenant({ seed: 43, people: 400 });
    const known = new Map(living.list('devices').map((device) => [device.id, device['approximateLastSignInDateTime']]));
    let moved = 0;
    for (let day = 0; day < 30; day++) {
      living.advance(1);
      for (const device of living.list('devices')) {
        const last = known.get(device.id);
        const now = device['approximateLastSignInDateTime'];
        if (typeof last === 'string' && typeof now === 'string' && last !== now && device['isManaged'] !== null) {
          expect(Date.parse(now) - Date.parse(last)).toBeGreaterThan(9 * DAY);
          moved += 1;
        }
        known.set(device.id, now);
      }
    }
    expect(moved).toBeGreaterThan(200);
  });
});
