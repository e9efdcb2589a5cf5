import type { CollectionName } from '../tenant/tenant-store.js';
import { ENTITY_TYPES, type EntityTypeName } from './entity-types.js';
import type { ServedPath } from './permissions.js';

/** How Graph serves one collection: directory objects and Intune objects have different manners. */
export interface ServedCollection {
  readonly name: CollectionName;
  /** Path below the version, as `@odata.context` writes it. */
  readonly contextPath: string;
  readonly listPath: ServedPath;
  /** Path of a single record, when the emulator serves one. */
  readonly itemPath?: ServedPath;
  readonly type: EntityTypeName;
  readonly family: 'directory' | 'intune';
  /** Rows of a page when `$top` does not say, and the most that `$top` may say. */
  readonly defaultPageSize: number;
  readonly maximumPageSize: number;
  /** What a request without `$select` returns; every property when absent. */
  readonly defaultProperties?: readonly string[];
  /** System query options that a list takes; all others are refused. */
  readonly options: readonly QueryOption[];
  readonly delta: boolean;
}

/** System query options without their dollar sign, in lower case. */
export type QueryOption = 'select' | 'filter' | 'expand' | 'top' | 'skip' | 'orderby' | 'count' | 'search';

const DIRECTORY_OPTIONS = ['select', 'filter', 'expand', 'top', 'orderby', 'count', 'search'] as const;
const INTUNE_OPTIONS = ['select', 'filter', 'top', 'skip', 'orderby', 'count'] as const;

/**
 * Page sizes: users and devices 100 by default and 999 at most (microsoft-graph-docs-contrib user-list); managed devices
 * 1,000 and 1,000 (powershell-intune-samples issue 2). The sizes of Autopilot identities and of endpoint analytics are not
 * documented; 1,000 is assumed for them.
 */
export const SERVED_COLLECTIONS: readonly ServedCollection[] = [
  {
    name: 'users',
    contextPath: 'users',
    listPath: '/users',
    itemPath: '/users/{id}',
    type: 'user',
    family: 'directory',
    defaultPageSize: 100,
    maximumPageSize: 999,
    defaultProperties: [
      'businessPhones',
      'displayName',
      'givenName',
      'jobTitle',
      'mail',
      'mobilePhone',
      'officeLocation',
      'preferredLanguage',
      'surname',
      'userPrincipalName',
      'id',
    ],
    options: DIRECTORY_OPTIONS,
    delta: true,
  },
  {
    name: 'devices',
    contextPath: 'devices',
    listPath: '/devices',
    itemPath: '/devices/{id}',
    type: 'device',
    family: 'directory',
    defaultPageSize: 100,
    maximumPageSize: 999,
    options: DIRECTORY_OPTIONS,
    delta: true,
  },
  {
    name: 'managedDevices',
    contextPath: 'deviceManagement/managedDevices',
    listPath: '/deviceManagement/managedDevices',
    itemPath: '/deviceManagement/managedDevices/{id}',
    type: 'managedDevice',
    family: 'intune',
    defaultPageSize: 1000,
    maximumPageSize: 1000,
    options: INTUNE_OPTIONS,
    delta: false,
  },
  {
    name: 'windowsAutopilotDeviceIdentities',
    contextPath: 'deviceManagement/windowsAutopilotDeviceIdentities',
    listPath: '/deviceManagement/windowsAutopilotDeviceIdentities',
    type: 'windowsAutopilotDeviceIdentity',
    family: 'intune',
    defaultPageSize: 1000,
    maximumPageSize: 1000,
    options: INTUNE_OPTIONS,
    delta: false,
  },
  {
    name: 'metricDevices',
    contextPath: "deviceManagement/userExperienceAnalyticsWorkFromAnywhereMetrics('allDevices')/metricDevices",
    listPath: '/deviceManagement/userExperienceAnalyticsWorkFromAnywhereMetrics/{id}/metricDevices',
    type: 'userExperienceAnalyticsWorkFromAnywhereDevice',
    family: 'intune',
    defaultPageSize: 1000,
    maximumPageSize: 1000,
    options: INTUNE_OPTIONS,
    delta: false,
  },
  {
    name: 'subscribedSkus',
    contextPath: 'subscribedSkus',
    listPath: '/subscribedSkus',
    type: 'subscribedSku',
    family: 'directory',
    defaultPageSize: 999,
    maximumPageSize: 999,
    options: ['select'],
    delta: false,
  },
];

/** The smaller page that `signInActivity` allows (Microsoft Graph user-list). */
export const SIGN_IN_ACTIVITY_PAGE_SIZE = 500;

/**
 * User properties kept outside the directory's store: a list cannot select them and answers 501 (microsoft-graph-docs-contrib
 * user-list).
 */
export const OUT_OF_STORE_USER_PROPERTIES: ReadonlySet<string> = new Set([
  'aboutMe',
  'birthday',
  'hireDate',
  'interests',
  'mySite',
  'pastProjects',
  'preferredName',
  'responsibilities',
  'schools',
  'skills',
  'mailboxSettings',
]);

/**
 * Properties of managed devices for which a list, and a read that does not select them, shows these defaults instead of
 * the truth (Microsoft Graph managedDevice resource type).
 */
export const UNREAD_MANAGED_DEVICE_VALUES: Readonly<Record<string, unknown>> = {
  ethernetMacAddress: null,
  physicalMemoryInBytes: 0,
  notes: null,
  iccid: null,
  udid: null,
  activationLockBypassCode: null,
  remoteAssistanceSessionUrl: null,
};

/** Every property of an entity type, `id` first. */
export function propertiesOf(type: EntityTypeName): readonly string[] {
  return Object.keys(ENTITY_TYPES[type]);
}

/** What Graph shows for a property that a record does not hold: an empty list, Intune's null date, or null. */
export function absentValue(type: EntityTypeName, property: string): unknown {
  const declared = (ENTITY_TYPES[type] as Readonly<Record<string, string>>)[property] ?? '';
  if (declared.startsWith('Collection(')) return [];
  if (!declared.endsWith('!')) return null;
  if (declared === 'DateTimeOffset!') return '0001-01-01T00:00:00Z';
  if (declared === 'Boolean!') return false;
  if (declared.startsWith('Int')) return 0;
  return declared.startsWith('graph.') ? 'unknown' : '';
}
