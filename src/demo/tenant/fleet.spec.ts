import { describe, expect, it } from '@jest/globals';

import { createTenant } from './demonstration-tenant.js';
import type { FormFactor } from './machine-models.js';
import { NO_DEVICE_ID } from './managed-device-record.js';
import { PLACEHOLDER_SERIALS } from './serial-numbers.js';
import { DAY } from './simulated-time.js';
import type { DemonstrationTenant } from './demonstration-tenant.js';

/** Every disagreement between the collections that should not be; ids only. */
function disagreements(tenant: DemonstrationTenant): string[] {
  const found: string[] = [];
  const byDeviceId = new Map(tenant.list('devices').map((device) => [device['deviceId'], device]));
  if (byDeviceId.size !== tenant.list('devices').length) found.push('two devices with one deviceId');
  for (const managed of tenant.list('managedDevices')) {
    const device = byDeviceId.get(managed['azureADDeviceId']);
    if (managed['azureADDeviceId'] === NO_DEVICE_ID) continue;
    if (device === undefined) found.push(`managed ${managed.id} without device`);
    else {
      if (device['displayName'] !== managed['deviceName']) found.push(`name of ${managed.id}`);
      if (device['operatingSystemVersion'] !== managed['osVersion']) found.push(`version of ${managed.id}`);
      const state = managed['complianceState'] as string;
      const compliant = state === 'unknown' ? null : ['compliant', 'inGracePeriod', 'configManager'].includes(state);
      if (device['isCompliant'] !== compliant) found.push(`compliance of ${managed.id}`);
    }
    const user = tenant.get('users', managed['userId'] as string);
    if (user !== undefined && user['userPrincipalName'] !== managed['userPrincipalName'])
      found.push(`user of ${managed.id}`);
  }
  for (const identity of tenant.list('windowsAutopilotDeviceIdentities')) {
    if (!byDeviceId.has(identity['azureActiveDirectoryDeviceId'])) found.push(`identity ${identity.id} without device`);
    const managedId = identity['managedDeviceId'] as string;
    const managed = tenant.get('managedDevices', managedId);
    if (managedId !== '' && managedId !== NO_DEVICE_ID && managed?.['serialNumber'] !== identity['serialNumber']) {
      found.push(`identity ${identity.id} names another machine`);
    }
  }
  for (const row of tenant.list('metricDevices')) {
    const managed = tenant.get('managedDevices', row['deviceId'] as string);
    if (managed === undefined) found.push(`row ${row.id} without machine`);
    else {
      if (Date.parse(managed['lastSyncDateTime'] as string) < Date.parse(tenant.today) - 29 * DAY)
        found.push(`row ${row.id} is old`);
      if (row['osVersion'] !== managed['osVersion']) found.push(`version in row ${row.id}`);
      if (row['serialNumber'] !== managed['serialNumber']) found.push(`serial in row ${row.id}`);
    }
  }
  return found;
}

describe('the machines of the demonstration tenant', () => {
  const tenant = createTenant({ seed: 31 });
  const managed = tenant.list('managedDevices');
  const company = tenant.machines.filter((machine) => machine.hostname.match(/'s (iPhone|phone)$/) === null);

  it('are about 4,500 in the mix of a council early in its programme', () => {
    expect(company.length).toBeGreaterThan(4400);
    expect(company.length).toBeLessThan(4600);
    const share = (...forms: FormFactor[]): number =>
      company.filter((machine) => forms.includes(machine.form)).length / company.length;
    expect(share('desktop')).toBeCloseTo(0.49, 1);
    expect(share('laptop')).toBeCloseTo(0.385, 1);
    for (const form of ['mini_pc', 'all_in_one', 'tablet', 'phone', 'virtual', 'server'] as const) {
      expect(share(form)).toBeGreaterThan(0.004);
      expect(share(form)).toBeLessThan(0.05);
    }
  });

  it('agree between the directory, Intune, Autopilot and the readiness report', () => {
    expect(disagreements(tenant)).toEqual([]);
  });

  it('still agree after four months of joiners, leavers, replacements and updates', () => {
    const living = createTenant({ seed: 32, people: 700 });
    living.advance(120);
    expect(disagreements(living)).toEqual([]);
  });

  it('have the faults of real data, in proportion', () => {
    const serials = managed
      .filter((one) => one['managedDeviceOwnerType'] !== 'personal')
      .map((one) => one['serialNumber'] as string);
    const placeholders = serials.filter((serial) => PLACEHOLDER_SERIALS.includes(serial)).length / serials.length;
    expect(placeholders).toBeGreaterThan(0.015);
    expect(placeholders).toBeLessThan(0.045);
    const real = serials.filter((serial) => !PLACEHOLDER_SERIALS.includes(serial));
    expect(real.length - new Set(real).size).toBeGreaterThan(0);
    expect(real.length - new Set(real).size).toBeLessThan(10);
    expect(serials.some((serial) => serial.startsWith('VMware-') && serial.includes(' '))).toBe(true);
    const share = (test: (one: (typeof managed)[number]) => boolean): number =>
      managed.filter(test).length / managed.length;
    expect(share((one) => one['azureADDeviceId'] === NO_DEVICE_ID)).toBeGreaterThan(0.003);
    expect(share((one) => one['azureADDeviceId'] === NO_DEVICE_ID)).toBeLessThan(0.03);
    expect(share((one) => one['userId'] === '')).toBeGreaterThan(0.05);
    const names = managed.map((one) => one['deviceName']);
    expect(new Set(names).size).toBeLessThan(names.length);
  });

  it('show technicians who enrolled dozens, people with two desktops and people with desktop and laptop', () => {
    const shown = new Map<string, number>();
    for (const one of managed) shown.set(one['userId'] as string, (shown.get(one['userId'] as string) ?? 0) + 1);
    shown.delete('');
    expect([...shown.values()].filter((count) => count > 12).length).toBeGreaterThan(0);
    const owned = new Map<string, FormFactor[]>();
    for (const machine of company) {
      if (machine.owner !== null) owned.set(machine.owner, [...(owned.get(machine.owner) ?? []), machine.form]);
    }
    const people = [...owned.values()];
    expect(people.filter((forms) => forms.filter((form) => form === 'desktop').length === 2).length).toBeGreaterThan(
      40,
    );
    expect(people.filter((forms) => forms.includes('desktop') && forms.includes('laptop')).length).toBeGreaterThan(100);
  });

  it('include boxed laptops that only Autopilot and the directory know, and stale twins', () => {
    const boxed = tenant
      .list('windowsAutopilotDeviceIdentities')
      .filter((identity) => ['', NO_DEVICE_ID].includes(identity['managedDeviceId'] as string));
    expect(boxed.length).toBeGreaterThan(60);
    const devices = tenant.list('devices');
    for (const identity of boxed) {
      const device = devices.find((one) => one['deviceId'] === identity['azureActiveDirectoryDeviceId']);
      expect((device?.['physicalIds'] as string[]).some((mark) => mark.startsWith('[ZTDID]:'))).toBe(true);
      expect((device?.['physicalIds'] as string[]).some((mark) => mark.startsWith('[OrderID]:'))).toBe(true);
    }
    const twins = devices.length - new Set(devices.map((device) => device['displayName'])).size;
    expect(twins).toBeGreaterThan(40);
    expect(new Set(devices.map((device) => device['trustType']))).toEqual(
      new Set(['ServerAd', 'AzureAd', 'Workplace']),
    );
  });

  it('are ready for Windows 11 as their age allows, and nothing is false where nothing is known', () => {
    const rows = tenant.list('metricDevices');
    const kinds = new Map<unknown, number>();
    for (const row of rows) kinds.set(row['upgradeEligibility'], (kinds.get(row['upgradeEligibility']) ?? 0) + 1);
    expect([...kinds.keys()].sort()).toEqual(['capable', 'notCapable', 'unknown', 'upgraded']);
    for (const row of rows) {
      const failed = row['processorFamilyCheckFailed'];
      if (row['upgradeEligibility'] === 'unknown') expect(failed).toBeNull();
      else expect(failed).toBe(row['upgradeEligibility'] === 'notCapable');
    }
  });

  it('have no date in the future except those that are meant to be', () => {
    const now = Date.parse(tenant.today);
    for (const device of tenant.list('devices')) {
      for (const property of ['registrationDateTime', 'approximateLastSignInDateTime']) {
        if (device[property] !== null) expect(Date.parse(device[property] as string)).toBeLessThanOrEqual(now);
      }
    }
    for (const one of managed) {
      expect(Date.parse(one['enrolledDateTime'] as string)).toBeLessThanOrEqual(
        Date.parse(one['lastSyncDateTime'] as string),
      );
      expect(Date.parse(one['lastSyncDateTime'] as string)).toBeLessThanOrEqual(now);
    }
  });
});
