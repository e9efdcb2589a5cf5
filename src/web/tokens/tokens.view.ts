import { type ShownTime, shownTime } from '../../common/uk-time.js';
import type { TokenSummary } from '../../auth/api-tokens.queries.js';
import { PERMISSIONS, type Permission } from '../../auth/permissions.js';

/** A token in the list. */
export interface TokenLine {
  readonly id: number;
  readonly name: string;
  readonly prefix: string;
  readonly owner: string;
  readonly scopes: string;
  readonly state: string;
  readonly isActive: boolean;
  readonly expires: ShownTime | null;
  readonly lastUsed: ShownTime | null;
}

const STATES: Readonly<Record<TokenSummary['state'], string>> = {
  active: 'Active',
  expired: 'Run out',
  revoked: 'Revoked',
};

/** A token as the list shows it. */
export function tokenLine(token: TokenSummary, now: Date): TokenLine {
  const { id, name, prefix, owner, scopes, state } = token;
  return {
    id,
    name,
    prefix,
    owner: owner.kind === 'service' ? `Service ${owner.name}` : owner.name,
    scopes: scopes.join(', '),
    state: STATES[state],
    isActive: state === 'active',
    expires: shownTime(token.expiresAt, now),
    lastUsed: shownTime(token.lastUsedAt, now),
  };
}

const WORDS: Readonly<Record<Permission, string>> = {
  'own:read': 'See what its person has themselves',
  'estate:read': 'Read devices, people, licences and models',
  'estate:export': 'Export lists as files',
  'custody:write': 'Hand over, take back and move devices',
  'stock:write': 'Receive and correct stock',
  'wipe:record': 'Record that a device was wiped',
  'identity:decide': 'Decide which records are one machine',
  'form-factor:decide': 'Decide what kind of machine a device or model is',
  'register:import': 'Import asset registers',
  'sync:read': 'Read how the synchronisation is doing',
  'sync:administer': 'Run, pause and release the synchronisation',
  'audit:read': 'Read the audit trail',
  'tokens:administer': 'Issue and revoke tokens',
  'rollout:read': 'Read the rollout',
  'rollout:manage': 'Plan the rollout, and decide about moves',
  'rollout:work': 'Record what was done at appointments',
  'messages:administer': 'See and send again messages that were not delivered',
  'network:read': 'See what networks carry, at sites and at home',
  'network:manage': 'Keep sites’ networks, ranges of addresses and thresholds',
  'requests:read': 'Read requests for equipment, and stock',
  'requests:decide': 'Decide about requests that wait in the queue for approvals',
  'requests:decide-exceptions': 'Decide about requests that are out of the ordinary',
  'requests:administer': 'Keep the catalogue, cost centres and budgets',
};

/** The permissions that somebody can give to a token: those they have themselves. */
export function scopeChoices(permissions: ReadonlySet<Permission>): { value: string; text: string; hint: string }[] {
  return PERMISSIONS.filter((permission) => permissions.has(permission)).map((permission) => ({
    value: permission,
    text: WORDS[permission],
    hint: permission,
  }));
}
