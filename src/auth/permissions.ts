/** Everything that a person or a token can be allowed; a route names the one that it needs. */
export const PERMISSIONS = [
  /** One's own pages, and what one has oneself. */
  'own:read',
  'estate:read',
  'estate:export',
  'custody:write',
  'stock:write',
  'wipe:record',
  'identity:decide',
  'form-factor:decide',
  'register:import',
  'sync:read',
  'sync:administer',
  'audit:read',
  'tokens:administer',
  'rollout:read',
  /** Programme, waves, slots, waivers, and everybody's move. */
  'rollout:manage',
  /** The day of an engineer: handing over, taking back, who did not come. */
  'rollout:work',
  'messages:administer',
  'network:read',
  /** Sites' networks, ranges of addresses, imports, thresholds. */
  'network:manage',
  'requests:read',
  /** What waits in the queue for approvals that nobody else can give. */
  'requests:decide',
  /** What waits in IT’s queue because it is out of the ordinary. */
  'requests:decide-exceptions',
  /** Catalogue, cost centres, budgets, linked accounts. */
  'requests:administer',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** The app roles of the registration in Entra ID, by their values there. */
export const ROLES = [
  'service-desk',
  'stock-holder',
  'engineer',
  'rollout-manager',
  'approver',
  'reviewer',
  'administrator',
] as const;
export type Role = (typeof ROLES)[number];

/**
 * What each role may do. `staff` is everybody whom the directory has with an enabled account, `manager` whoever leads
 * somebody there; nobody assigns these two. A manager reaches their own reports only, which routes declare with `own`.
 */
export const PERMISSIONS_OF: Readonly<Record<Role | 'staff' | 'manager', readonly Permission[]>> = {
  staff: ['own:read'],
  manager: ['own:read'],
  'service-desk': [
    'estate:read',
    'estate:export',
    'custody:write',
    'identity:decide',
    'form-factor:decide',
    'sync:read',
    'rollout:read',
    'network:read',
    'requests:read',
  ],
  'stock-holder': [
    'estate:read',
    'estate:export',
    'custody:write',
    'stock:write',
    'register:import',
    'rollout:read',
    'requests:read',
  ],
  engineer: ['estate:read', 'custody:write', 'wipe:record', 'rollout:read', 'rollout:work', 'requests:read'],
  'rollout-manager': [
    'estate:read',
    'estate:export',
    'form-factor:decide',
    'rollout:read',
    'rollout:manage',
    'rollout:work',
    'messages:administer',
    'network:read',
    'network:manage',
    'requests:read',
    'requests:decide-exceptions',
  ],
  approver: ['estate:read', 'requests:read', 'requests:decide'],
  reviewer: [
    'estate:read',
    'estate:export',
    'sync:read',
    'audit:read',
    'rollout:read',
    'network:read',
    'requests:read',
  ],
  administrator: [
    'estate:read',
    'estate:export',
    'identity:decide',
    'form-factor:decide',
    'register:import',
    'sync:read',
    'sync:administer',
    'audit:read',
    'tokens:administer',
    'rollout:read',
    'messages:administer',
    'network:read',
    'network:manage',
    'requests:read',
    'requests:decide-exceptions',
    'requests:administer',
  ],
};

/** Whether a text is the value of an app role. */
export function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
}

/** Whether a text is a permission. */
export function isPermission(value: unknown): value is Permission {
  return PERMISSIONS.some((permission) => permission === value);
}

/** What somebody of the directory with these roles may do. */
export function permissionsOf(roles: readonly Role[]): ReadonlySet<Permission> {
  return new Set([...PERMISSIONS_OF.staff, ...roles.flatMap((role) => PERMISSIONS_OF[role])]);
}
