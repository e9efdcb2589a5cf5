import type { StatedPerson } from '../accounts.service.js';
import { isRole } from '../permissions.js';
import { SignInRefusal } from './sign-in-refusal.js';

/** Seconds by which the clocks of two machines may differ. */
export const CLOCK_TOLERANCE_SECONDS = 60;

const GUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/** Who signed in, and the addresses that the token gives them. */
export interface ProvenPerson extends StatedPerson {
  /** In lower case. They identify nobody and are never stored: only to notice somebody else's address. */
  readonly addresses: readonly string[];
}

/**
 * Reads a person from the claims of a token whose signature, issuer, end and beginning have been checked. What Entra ID
 * puts there: learn.microsoft.com/entra/identity-platform/id-token-claims-reference. Identity is `tid` and `oid` alone:
 * mail address, user principal name and name can be typed by any tenant's administrator
 * (learn.microsoft.com/entra/identity-platform/migrate-off-email-claim-authorization). Groups give no role, whether
 * listed or replaced by a reference (`_claim_names`, `hasgroups`).
 * @throws SignInRefusal when the token is for somebody else, from another tenant, from the future, or names nobody.
 */
export function readPerson(
  claims: Readonly<Record<string, unknown>>,
  expected: { readonly tenantId: string; readonly clientId: string },
  now: Date,
): ProvenPerson {
  const { aud, tid, oid, iat, roles } = claims;
  // One audience as the one text: a token for several applications could have been handed on by another of them.
  if (aud !== expected.clientId) throw unproven('aud');
  if (typeof tid !== 'string' || tid.toLowerCase() !== expected.tenantId) throw unproven('tid');
  if (typeof oid !== 'string' || !GUID.test(oid)) throw unproven('oid');
  if (!isSeconds(iat) || iat * 1000 > now.getTime() + CLOCK_TOLERANCE_SECONDS * 1000) throw unproven('iat');
  return {
    tenantId: expected.tenantId,
    objectId: oid.toLowerCase(),
    displayName: claims['name'],
    // The registration may have other roles for other purposes.
    roles: Array.isArray(roles) ? roles.filter(isRole) : [],
    statedAt: new Date(iat * 1000),
    addresses: [claims['preferred_username'], claims['email']]
      .filter((address): address is string => typeof address === 'string' && /^[^\0]{3,320}$/.test(address))
      .map((address) => address.toLowerCase()),
  };
}

/** The claim is named for the log; its value is not repeated. */
function unproven(claim: string): SignInRefusal {
  return new SignInRefusal('unproven', null, { cause: new Error(`The claim ${claim} is not acceptable.`) });
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 && value < 1e11;
}
