/**
 * Which application permissions open which path: any one of them does. A `GET` row per served path, from
 * microsoftgraph/microsoft-graph-devx-content@6cbd6bb permissions/new/permissions.json (2026-08-07), application scheme,
 * least and higher privileged ones together.
 */
const DEVICE_MANAGEMENT_ANY = [
  'DeviceManagementManagedDevices.Read.All',
  'DeviceManagementManagedDevices.ReadWrite.All',
  'DeviceManagementConfiguration.Read.All',
  'DeviceManagementConfiguration.ReadWrite.All',
];
const USERS_FULL = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'];
const USERS_ANY = [
  'User.ReadBasic.All',
  ...USERS_FULL,
  'User.ReadWrite.CrossCloud',
  'AgentIdUser.ReadWrite.All',
  'AgentIdUser.ReadWrite.IdentityParentedBy',
  'DeviceManagementApps.Read.All',
  'DeviceManagementApps.ReadWrite.All',
  ...DEVICE_MANAGEMENT_ANY,
  'DeviceManagementServiceConfig.Read.All',
  'DeviceManagementServiceConfig.ReadWrite.All',
];
const USERS_LINKED = [...USERS_FULL, 'AgentIdUser.ReadWrite.All', 'AgentIdUser.ReadWrite.IdentityParentedBy'];
const DEVICES_ANY = ['Device.Read.All', 'Device.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'];

export const PATH_PERMISSIONS = {
  '/users': USERS_ANY,
  '/users/{id}': USERS_ANY,
  '/users/{id}/manager': USERS_LINKED,
  '/users/delta': USERS_LINKED,
  '/devices': DEVICES_ANY,
  '/devices/{id}': DEVICES_ANY,
  '/devices/delta': ['Device.Read.All'],
  '/deviceManagement/managedDevices': DEVICE_MANAGEMENT_ANY,
  '/deviceManagement/managedDevices/{id}': DEVICE_MANAGEMENT_ANY,
  '/deviceManagement/userExperienceAnalyticsWorkFromAnywhereMetrics/{id}/metricDevices': DEVICE_MANAGEMENT_ANY,
  '/deviceManagement/windowsAutopilotDeviceIdentities': [
    'DeviceManagementServiceConfig.Read.All',
    'DeviceManagementServiceConfig.ReadWrite.All',
  ],
  '/subscribedSkus': [
    'LicenseAssignment.Read.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
    'Organization.Read.All',
    'Organization.ReadWrite.All',
  ],
  '/communications/callRecords/{id}': ['CallRecords.Read.All'],
  '/communications/callRecords/{id}/sessions': ['CallRecords.Read.All'],
  '/organization': [
    'DeviceManagementServiceConfig.Read.All',
    'DeviceManagementServiceConfig.ReadWrite.All',
    'DeviceManagementConfiguration.Read.All',
    'DeviceManagementConfiguration.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
    'Organization.Read.All',
    'Organization.ReadWrite.All',
    'User.Read.All',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A path that the emulator serves, as the permission table writes it. */
export type ServedPath = keyof typeof PATH_PERMISSIONS;

/** The smallest set of permissions that reads everything the emulator serves. */
export const LEAST_PRIVILEGE_ROLES: readonly string[] = [
  'User.Read.All',
  'LicenseAssignment.Read.All',
  'Device.Read.All',
  'DeviceManagementManagedDevices.Read.All',
  'DeviceManagementServiceConfig.Read.All',
  'CallRecords.Read.All',
];

/** What `User.ReadBasic.All` alone shows of a user (Microsoft Graph permissions reference). */
const BASIC_USER_PROPERTIES = new Set(['id', 'displayName', 'givenName', 'surname', 'mail', 'userPrincipalName']);

/** Properties that need a permission of their own besides the path's (Microsoft Graph user resource type). */
const PROPERTY_PERMISSIONS: Readonly<Record<string, string>> = {
  signInActivity: 'AuditLog.Read.All',
  employeeLeaveDateTime: 'User-LifeCycleInfo.Read.All',
};

/** Whether a token with these roles may call the path. */
export function mayCall(path: ServedPath, roles: readonly string[]): boolean {
  return PATH_PERMISSIONS[path].some((permission) => roles.includes(permission));
}

/** Whether a token with these roles may read these properties of users; the path itself is checked by `mayCall`. */
export function mayReadUserProperties(properties: readonly string[], roles: readonly string[]): boolean {
  const full = USERS_LINKED.some((permission) => roles.includes(permission));
  return properties.every((property) => {
    const special = PROPERTY_PERMISSIONS[property];
    if (special !== undefined && !roles.includes(special)) return false;
    return full || BASIC_USER_PROPERTIES.has(property);
  });
}
