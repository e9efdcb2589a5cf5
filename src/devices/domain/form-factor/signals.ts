import { superclassOf, type FormFactor } from './form-factor.js';

/** The council's own naming convention: a machine whose name fits is of that class (`^LT-` is a laptop). */
export interface NamingRule {
  readonly pattern: RegExp;
  readonly formFactor: FormFactor;
}

/** What Graph reports about one machine besides its model; every part may be missing. */
export interface DeviceSignals {
  readonly deviceName?: string | undefined;
  /** `operatingSystem` of the managed device: Windows, iOS, iPadOS, Android, macOS, ... */
  readonly operatingSystem?: string | undefined;
  /** `deviceBatteryCount` of endpoint analytics. */
  readonly batteryCount?: number | undefined;
  /** `chassisType`, beta only. */
  readonly chassisType?: string | undefined;
  /** Listed among the Cloud PCs, or `deviceType` is `cloudPC`. */
  readonly isCloudPc?: boolean | undefined;
}

/** One weak hint about the form of one machine. */
export interface SignalReading {
  readonly signal: 'cloud_pc' | 'operating_system' | 'battery' | 'naming_convention' | 'chassis_type';
  readonly value: string;
  readonly formFactor: FormFactor;
  /** 0 to 1. */
  readonly weight: number;
}

const LONGEST_DEVICE_NAME = 64;
// More than two batteries are an uninterruptible power supply in the report (Microsoft Learn, battery health report).
const MOST_BATTERIES_OF_A_NOTEBOOK = 2;
// chassisType calls nearly every Windows machine a laptop (github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/9016).
const CHASSIS: Readonly<Record<string, { formFactor: FormFactor; weight: number }>> = {
  desktop: { formFactor: 'desktop', weight: 0.5 },
  laptop: { formFactor: 'laptop', weight: 0.3 },
  worksworkstation: { formFactor: 'workstation_fixed', weight: 0.5 },
  enterpriseserver: { formFactor: 'server', weight: 0.5 },
  phone: { formFactor: 'phone', weight: 0.8 },
  tablet: { formFactor: 'tablet', weight: 0.7 },
};

/** All hints, the strongest first; equal weights in the order of their names, so that the same machine reads the same. */
export function readSignals(signals: DeviceSignals, namingRules: readonly NamingRule[]): readonly SignalReading[] {
  const readings = [
    readCloudPc(signals.isCloudPc),
    readOperatingSystem(signals.operatingSystem),
    readBattery(signals.batteryCount),
    readName(signals.deviceName, namingRules),
    readChassis(signals.chassisType),
  ].filter((reading) => reading !== undefined);
  return readings.sort((a, b) => b.weight - a.weight || a.signal.localeCompare(b.signal, 'en'));
}

/** True if two forms are on different sides of portable, fixed and other; `unknown` contradicts nothing. */
export function contradict(one: FormFactor, other: FormFactor): boolean {
  return one !== 'unknown' && other !== 'unknown' && superclassOf(one) !== superclassOf(other);
}

function readCloudPc(isCloudPc: boolean | undefined): SignalReading | undefined {
  if (isCloudPc !== true) return undefined;
  return { signal: 'cloud_pc', value: 'listed as a Cloud PC', formFactor: 'virtual', weight: 0.95 };
}

function readOperatingSystem(operatingSystem: string | undefined): SignalReading | undefined {
  const name = operatingSystem?.toLowerCase() ?? '';
  const read = (formFactor: FormFactor, weight: number): SignalReading => {
    return { signal: 'operating_system', value: operatingSystem ?? '', formFactor, weight };
  };
  if (name.startsWith('ipados')) return read('tablet', 0.9);
  if (name.startsWith('ios')) return read('phone', 0.75);
  if (name.startsWith('android')) return read('phone', 0.7);
  if (name.includes('windows') && name.includes('server')) return read('server', 0.8);
  return undefined;
}

function readBattery(count: number | undefined): SignalReading | undefined {
  if (count === undefined || !(count >= 1) || count > MOST_BATTERIES_OF_A_NOTEBOOK) return undefined;
  return { signal: 'battery', value: `${count}`, formFactor: 'laptop', weight: 0.7 };
}

function readName(deviceName: string | undefined, namingRules: readonly NamingRule[]): SignalReading | undefined {
  if (deviceName === undefined) return undefined;
  const name = deviceName.slice(0, LONGEST_DEVICE_NAME);
  const rule = namingRules.find(({ pattern }) => name.search(pattern) !== -1);
  if (rule === undefined) return undefined;
  return { signal: 'naming_convention', value: rule.pattern.source, formFactor: rule.formFactor, weight: 0.6 };
}

function readChassis(chassisType: string | undefined): SignalReading | undefined {
  const key = chassisType?.toLowerCase() ?? '';
  const chassis = Object.hasOwn(CHASSIS, key) ? CHASSIS[key] : undefined;
  if (chassis === undefined) return undefined;
  return { signal: 'chassis_type', value: chassisType ?? '', ...chassis };
}
