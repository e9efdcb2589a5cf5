import { contradict, readSignals, type DeviceSignals, type NamingRule } from './signals.js';

const NAMING: readonly NamingRule[] = [
  { pattern: /^LT-/i, formFactor: 'laptop' },
  { pattern: /^DT-/i, formFactor: 'desktop' },
];

describe('readSignals', () => {
  it.each<[DeviceSignals, string, string]>([
    [{ isCloudPc: true }, 'cloud_pc', 'virtual'],
    [{ operatingSystem: 'iOS' }, 'operating_system', 'phone'],
    [{ operatingSystem: 'iPadOS' }, 'operating_system', 'tablet'],
    [{ operatingSystem: 'Android' }, 'operating_system', 'phone'],
    [{ operatingSystem: 'Windows Server 2022' }, 'operating_system', 'server'],
    [{ batteryCount: 1 }, 'battery', 'laptop'],
    [{ batteryCount: 2 }, 'battery', 'laptop'],
    [{ deviceName: 'lt-00123' }, 'naming_convention', 'laptop'],
    [{ chassisType: 'desktop' }, 'chassis_type', 'desktop'],
    [{ chassisType: 'worksWorkstation' }, 'chassis_type', 'workstation_fixed'],
  ])('reads %j', (signals, signal, formFactor) => {
    expect(readSignals(signals, NAMING)).toMatchObject([{ signal, formFactor }]);
  });

  it.each<[DeviceSignals]>([
    [{}],
    [{ operatingSystem: 'Windows' }],
    [{ operatingSystem: 'macOS' }],
    [{ batteryCount: 0 }],
    [{ batteryCount: 3 }],
    [{ batteryCount: Number.NaN }],
    [{ deviceName: 'DESKTOP-A1B2' }],
    [{ chassisType: 'unknown' }],
    [{ chassisType: 'constructor' }],
    [{ isCloudPc: false }],
  ])('takes nothing from %j', (signals) => {
    expect(readSignals(signals, NAMING)).toEqual([]);
  });

  it('puts the strongest first', () => {
    const readings = readSignals({ chassisType: 'laptop', batteryCount: 1, isCloudPc: true }, []);
    expect(readings.map(({ signal }) => signal)).toEqual(['cloud_pc', 'battery', 'chassis_type']);
  });
});

describe('contradict', () => {
  it('compares sides, not classes', () => {
    expect(contradict('laptop', 'desktop')).toBe(true);
    expect(contradict('laptop', 'tablet')).toBe(false);
    expect(contradict('laptop', 'unknown')).toBe(false);
    expect(contradict('virtual', 'desktop')).toBe(true);
  });
});
