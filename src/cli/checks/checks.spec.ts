import { judgeClock } from './check.js';
import { judgePermissions, wantedPermissions } from './permissions.js';

describe('permissions', () => {
  it('wants the least that reads every source, and nothing that writes', () => {
    expect(wantedPermissions(false).map(({ permission }) => permission)).toEqual([
      'User.Read.All',
      'Device.Read.All',
      'DeviceManagementManagedDevices.Read.All',
      'LicenseAssignment.Read.All',
      'DeviceManagementServiceConfig.Read.All',
    ]);
  });

  it('wants that of call records where they are read, and does without it elsewhere', () => {
    const [last] = wantedPermissions(true).slice(-1);
    expect(last).toMatchObject({ permission: 'CallRecords.Read.All', optional: true });
  });

  it('is content with exactly these', () => {
    const granted = wantedPermissions(false).map(({ permission }) => permission);
    expect(judgePermissions(granted, wantedPermissions(false)).every(({ status }) => status === 'ok')).toBe(true);
  });

  it('fails for a missing one, warns for a missing optional one and for each that is not needed', () => {
    const checks = judgePermissions(
      ['User.Read.All', 'Mail.Send'],
      [
        { permission: 'User.Read.All', optional: false, reads: ['People'] },
        { permission: 'Device.Read.All', optional: false, reads: ['Devices'] },
        { permission: 'Extra.Read.All', optional: true, reads: ['Extras'] },
      ],
    );
    expect(checks.map(({ status }) => status)).toEqual(['ok', 'fail', 'warn', 'warn']);
    expect(checks[2]?.message).toContain('leaves out: Extras');
    expect(checks[3]?.fix).toContain('remove Mail.Send');
  });
});

describe('clocks', () => {
  const limits = { warn: 2_000, fail: 60_000 };
  it.each([
    [500, 'ok'],
    [-1_999, 'ok'],
    [5_000, 'warn'],
    [-61_000, 'fail'],
  ])('that are %d ms apart: %s', (offset, status) => {
    expect(judgeClock('clock', 'Graph', offset, limits).status).toBe(status);
  });

  it('says in which direction', () => {
    expect(judgeClock('clock', 'Graph', 5_000, limits).message).toContain('5.0 s ahead of Graph');
    expect(judgeClock('clock', 'Graph', -5_000, limits).message).toContain('5.0 s behind Graph');
  });
});
