import type { FormFactor, Superclass } from './form-factor/form-factor.js';

/** What pages call the classes of machines. */
export const FORM_FACTOR_NAMES: Readonly<Record<FormFactor, string>> = {
  desktop: 'Desktop',
  all_in_one: 'All-in-one',
  mini_pc: 'Mini PC',
  laptop: 'Laptop',
  convertible: 'Convertible',
  tablet: 'Tablet',
  phone: 'Phone',
  thin_client: 'Thin client',
  workstation_fixed: 'Fixed workstation',
  workstation_mobile: 'Mobile workstation',
  virtual: 'Virtual machine',
  server: 'Server',
  appliance: 'Appliance',
  unknown: 'Unknown',
};

/** What the classes mean for the rollout. */
export const SUPERCLASS_NAMES: Readonly<Record<Superclass, string>> = {
  portable: 'Portable',
  fixed: 'Fixed',
  other: 'Neither',
  unknown: 'Unknown',
};

/** Whether a source still shows a machine or a person. */
export const PRESENCE_NAMES: Readonly<Record<'present' | 'missing' | 'gone', string>> = {
  present: 'Present',
  missing: 'Missing',
  gone: 'Gone',
};

/** Compliance as Intune states it (learn.microsoft.com/graph/api/resources/intune-devices-compliancestate). */
export const COMPLIANCE_NAMES: Readonly<Record<string, string>> = {
  compliant: 'Compliant',
  noncompliant: 'Not compliant',
  inGracePeriod: 'In grace period',
  conflict: 'Conflict',
  error: 'Error',
  configManager: 'Managed by Configuration Manager',
  unknown: 'Unknown',
};

/** Windows 11 readiness as Intune states it (learn.microsoft.com/graph, upgradeEligibility of Endpoint Analytics). */
export const READINESS_NAMES: Readonly<Record<string, string>> = {
  upgraded: 'On Windows 11',
  capable: 'Capable',
  notCapable: 'Not capable',
  unknown: 'Unknown',
};

/** Whose machine it is as Intune states it. */
export const OWNERSHIP_NAMES: Readonly<Record<string, string>> = {
  company: 'Council',
  personal: 'Personal',
  unknown: 'Unknown',
};

/** What pages call the sources that speak of machines. */
export const DEVICE_SOURCE_NAMES: Readonly<
  Record<'entra-devices' | 'managed-devices' | 'windows-readiness' | 'autopilot', string>
> = {
  'entra-devices': 'Microsoft Entra ID',
  'managed-devices': 'Intune',
  'windows-readiness': 'Windows 11 readiness',
  autopilot: 'Autopilot',
};

/** The word for a value, whatever its case; the value itself where there is none. */
export function wordFor(names: Readonly<Record<string, string>>, value: string | null): string {
  if (value === null) return '';
  const known = Object.keys(names).find((name) => name.toLowerCase() === value.toLowerCase());
  return known === undefined ? value : (names[known] ?? value);
}
