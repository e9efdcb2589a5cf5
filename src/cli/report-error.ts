import { CommanderError } from 'commander';
import { ConfigError } from '../config/config.error.js';
import { InputError, NotFoundError, UntetherError } from '../common/errors.js';
import { CommandError, EXIT, type ExitCode } from './command-error.js';

/** What is said on standard error, and what the command ends with. */
export interface ReportedError {
  readonly text: string;
  readonly exitCode: ExitCode;
}

/** Postgres error classes of an address that is wrong rather than a server that is down: no such user or database. */
const WRONG_ADDRESS = /^(28|3D)/;

/** Puts an error into words. Only one that nobody foresaw is shown with its stack. */
export async function describeCommandError(error: unknown): Promise<ReportedError> {
  if (error instanceof CommanderError) {
    // Commander has already said what is wrong. Asking for help or the version is no error.
    return { text: '', exitCode: error.exitCode === 0 ? EXIT.success : EXIT.usage };
  }
  if (error instanceof CommandError) return { text: `${error.message} ${error.fix}`, exitCode: error.exitCode };
  if (error instanceof ConfigError) return { text: error.message, exitCode: EXIT.configuration };
  if (error instanceof UntetherError) return { text: withFields(error), exitCode: exitCodeOf(error) };
  return (await describeForeignError(error)) ?? { text: unexpected(error), exitCode: EXIT.unexpected };
}

function withFields(error: UntetherError): string {
  const fields = error instanceof InputError ? error.fields.map(({ field, message }) => `${field}: ${message}`) : [];
  return [error.message, ...fields].join(' ');
}

function exitCodeOf(error: UntetherError): ExitCode {
  if (error instanceof InputError || error instanceof NotFoundError) return EXIT.usage;
  return error.status === 409 ? EXIT.refused : EXIT.unexpected;
}

/** Errors of parts that most commands do without, so that these are loaded only now. */
async function describeForeignError(error: unknown): Promise<ReportedError | null> {
  if (!(error instanceof Error)) return null;
  if (error.name === 'EmbeddedPostgresError') return { text: error.message, exitCode: EXIT.configuration };
  if (error.name === 'DemonstrationRefusal') return { text: error.message, exitCode: EXIT.usage };
  const { isDatabaseDown, sqlstateOf } = await import('../database/sqlstate.js');
  const state = sqlstateOf(error);
  if (state !== null && WRONG_ADDRESS.test(state)) {
    return {
      text: `The database server refused the connection (${state}). Check user, password and database in DATABASE_URL.`,
      exitCode: EXIT.configuration,
    };
  }
  if (isDatabaseDown(error)) {
    return {
      text: 'The database does not answer. Check that it runs and that DATABASE_URL names it; "npx untether doctor" tells more.',
      exitCode: EXIT.unexpected,
    };
  }
  return null;
}

function unexpected(error: unknown): string {
  return `Unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
