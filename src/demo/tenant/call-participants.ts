import type { CallJson } from './call-book.js';
import type { Random } from './random.js';
import type { GraphRecord, TenantStore } from './tenant-store.js';

/** One of the council's people who makes calls. */
export interface Caller {
  readonly id: string;
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly office: string | null;
}

/** Somebody in a call who is not one of the council's people. */
export type Outsider =
  | { readonly kind: 'guest'; readonly id: string; readonly tenantId: string }
  | { readonly kind: 'telephone'; readonly number: string };

/** The share of the people who are in calls at all; others work with their hands, or stay with the telephone. */
const IN_CALLS = 0.45;

/** Everybody who makes calls, worked out once for as long as the tenant keeps the same people. */
export class Callers {
  #source: readonly GraphRecord[] | null = null;
  #callers: readonly Caller[] = [];

  constructor(
    private readonly tenant: Pick<TenantStore, 'list'>,
    private readonly random: (personId: string) => Random,
  ) {}

  all(): readonly Caller[] {
    const source = this.tenant.list('users');
    if (source !== this.#source) {
      this.#source = source;
      this.#callers = source.filter((user) => this.calls(user)).map(callerOf);
    }
    return this.#callers;
  }

  private calls(user: GraphRecord): boolean {
    return user['accountEnabled'] === true && user['userType'] === 'Member' && this.random(user.id).chance(IN_CALLS);
  }
}

function callerOf(user: GraphRecord): Caller {
  const text = (name: string): string => (typeof user[name] === 'string' ? user[name] : '');
  return {
    id: user.id,
    displayName: text('displayName'),
    userPrincipalName: text('userPrincipalName'),
    office: text('officeLocation') || null,
  };
}

/** Somebody from outside: a guest of another tenant, or whoever rang from a telephone (numbers that Ofcom keeps for drama). */
export function drawOutsider(random: Random): Outsider {
  return random.chance(0.5)
    ? { kind: 'guest', id: random.uuid(), tenantId: random.uuid() }
    : { kind: 'telephone', number: `+441632960${random.between(100, 999)}` };
}

/** The user agent of Teams, which no reader needs. */
const TEAMS = { headerValue: 'Teams/25000.1.1.0 (Windows)', platform: 'windows', productFamily: 'teams' };

/** One of ours at an end of a session, in the older or the newer of the shapes that Graph has. */
export function endpointJson(caller: Caller, tenantId: string, newer: boolean): CallJson {
  const identity = { id: caller.id, displayName: caller.displayName, tenantId };
  const type = { '@odata.type': '#microsoft.graph.callRecords.participantEndpoint', userAgent: TEAMS };
  if (!newer) return { ...type, identity: { user: identity } };
  const { userPrincipalName } = caller;
  return { ...type, name: 'machineName_1', associatedIdentity: { ...identity, userPrincipalName } };
}

/** Somebody from outside at an end of a session. */
export function outsiderJson(outsider: Outsider, newer: boolean): CallJson {
  const type = { '@odata.type': '#microsoft.graph.callRecords.participantEndpoint' };
  const identity =
    outsider.kind === 'guest'
      ? { id: outsider.id, displayName: null, tenantId: outsider.tenantId }
      : { id: outsider.number, displayName: null, tenantId: null };
  if (newer) return { ...type, associatedIdentity: identity };
  return { ...type, identity: outsider.kind === 'guest' ? { user: identity } : { user: null, phone: identity } };
}

/** The service in the middle of a meeting. */
export const MEETING_SERVICE: CallJson = {
  '@odata.type': '#microsoft.graph.callRecords.serviceEndpoint',
  userAgent: {
    '@odata.type': '#microsoft.graph.callRecords.serviceUserAgent',
    headerValue: 'CallSignalingAgent',
    role: 'mediationServerCallAcceptor',
  },
};
