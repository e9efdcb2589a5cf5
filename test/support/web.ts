import { Writable } from 'node:stream';
import { createLogger } from '../../src/config/logger.js';
import { loadConfig } from '../../src/config/config.js';
import type { DatabaseLimits } from '../../src/database/data-source.js';
import { startWeb, type RunningWeb } from '../../src/start-web.js';
import type { Permission, Role } from '../../src/auth/permissions.js';
import { signIn, tokenFor, type Somebody, type TestSession } from './sign-in.js';
import { fetchAs } from './signed-in-fetch.js';
import type { TestDatabase } from './test-database.js';

/** A web process over a test database, and every line that it logged. */
export interface TestWeb extends RunningWeb {
  readonly logLines: readonly string[];
  /** Signs somebody in without the sign-in service. */
  signIn(who: Role | null | Somebody): Promise<TestSession>;
  /** A token of somebody with this role; it has every right of the role unless scopes are given. */
  tokenFor(who: Role | null | Somebody, scopes?: readonly Permission[]): Promise<string>;
}

/** Starts the web process on a free port. What `fetch` asks of it, it asks as an administrator; see `fetchAs`. */
export async function startTestWeb(
  database: Pick<TestDatabase, 'address'>,
  options: { environment?: Record<string, string>; limits?: DatabaseLimits } = {},
): Promise<TestWeb> {
  const logLines: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      logLines.push(...chunk.toString().split('\n').filter(Boolean));
      done();
    },
  });
  const config = loadConfig({ PORT: '0', ...options.environment });
  const logger = createLogger(config.logLevel, stream as NodeJS.WriteStream);
  const web = await startWeb(config, {
    address: database.address,
    logger,
    ...(options.limits ? { limits: options.limits } : {}),
  });
  const origin = config.publicUrl ?? web.url;
  fetchAs(web.url, database);
  return {
    ...web,
    logLines,
    signIn: (who) => signIn(database, origin, who),
    tokenFor: (who, scopes) => tokenFor(database, who, scopes),
  };
}
