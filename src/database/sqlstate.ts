/** Postgres error codes that the application acts on (PostgreSQL documentation, appendix A). */
export const SQLSTATE = {
  uniqueViolation: '23505',
  checkViolation: '23514',
  foreignKeyViolation: '23503',
  exclusionViolation: '23P01',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  queryCanceled: '57014',
  adminShutdown: '57P01',
  crashShutdown: '57P02',
  cannotConnectNow: '57P03',
  diskFull: '53100',
  tooManyConnections: '53300',
} as const;

/** The SQLSTATE of a driver error, however deep TypeORM has wrapped it; null when it is not one. */
export function sqlstateOf(error: unknown): string | null {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth++) {
    const { code, driverError } = current as { code?: unknown; driverError?: unknown };
    // Node's codes begin with an E (EPIPE has five letters too), none of Postgres's does.
    if (typeof code === 'string' && /^(?!E)[0-9A-Z]{5}$/.test(code)) return code;
    current = driverError ?? current.cause;
  }
  return null;
}

/** Codes of Node and pg for a server that cannot be reached or went away. */
const CONNECTION_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);

/** Whether the database, rather than the statement, is what failed. */
export function isDatabaseDown(error: unknown): boolean {
  const state = sqlstateOf(error);
  if (state !== null) return state.startsWith('08') || state.startsWith('57P') || state === SQLSTATE.tooManyConnections;
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth++) {
    const { code, driverError, errors } = current as { code?: unknown; driverError?: unknown; errors?: unknown[] };
    if (typeof code === 'string' && CONNECTION_CODES.has(code)) return true;
    if (
      /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/.test(current.message)
    ) {
      return true;
    }
    current = driverError ?? errors?.[0] ?? current.cause;
  }
  return false;
}
