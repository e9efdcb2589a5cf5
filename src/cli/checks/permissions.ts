import { CALL_RECORDS_PERMISSION } from '../../sync/call-records/call-record-reader.js';
import { SOURCES } from '../../sync/sources/registry.js';
import { fail, ok, warn, type Check } from './check.js';

/** A permission that Untether asks for, with what is read with it. */
export interface WantedPermission {
  readonly permission: string;
  readonly optional: boolean;
  readonly reads: readonly string[];
}

const WHERE = 'In Entra ID, App registrations, API permissions';

const CALL_RECORDS: WantedPermission = {
  permission: CALL_RECORDS_PERMISSION,
  optional: true,
  reads: ['Teams call records'],
};

/**
 * The permissions of all sources: the least that reads everything (Microsoft Graph permissions reference).
 * @param callRecords whether Teams call records are read
 */
export function wantedPermissions(callRecords: boolean): readonly WantedPermission[] {
  const sources = Object.values(SOURCES);
  const wanted = [...new Set(sources.map((source) => source.permission))].map((permission) => {
    const readers = sources.filter((source) => source.permission === permission);
    return {
      permission,
      optional: readers.every((source) => source.optional),
      reads: readers.map((source) => source.label),
    };
  });
  return callRecords ? [...wanted, CALL_RECORDS] : wanted;
}

/** Compares what the access token grants with what is needed: every one present, missing, or more than needed. */
export function judgePermissions(granted: readonly string[], wanted: readonly WantedPermission[]): readonly Check[] {
  const needed = wanted.map(({ permission, optional, reads }) => {
    const name = `permission ${permission}`;
    const what = reads.join(', ');
    if (granted.includes(permission)) return ok(name, `Present: reads ${what}.`);
    const fix = `${WHERE}: add the application permission ${permission} for Microsoft Graph and grant admin consent.`;
    return optional
      ? warn(name, `Missing, which leaves out: ${what}. Everything else works without it.`, fix)
      : fail(name, `Missing: ${what} cannot be read.`, fix);
  });
  const excess = granted
    .filter((role) => !wanted.some(({ permission }) => permission === role))
    .toSorted()
    .map((role) =>
      warn(
        `permission ${role}`,
        'More than needed: Untether never uses it, and whoever steals the credential could.',
        `${WHERE}: remove ${role} from the app registration and revoke its admin consent.`,
      ),
    );
  return [...needed, ...excess];
}
