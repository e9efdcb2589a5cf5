import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../config/config.types.js';
import { createDataSource, JOB_LIMITS, openDatabase } from '../../database/data-source.js';
import { pendingMigrations } from '../../database/migrator.js';
import { describeCommandError } from '../report-error.js';
import { fail, judgeClock, ok, warn, type Check } from './check.js';

/** The oldest server that is tested. */
const OLDEST_POSTGRES = 15;
const GIBIBYTE = 2 ** 30;
const DATABASE_CLOCK_LIMITS = { warn: 2_000, fail: 60_000 };

/** Looks at the machine and the database: what every command needs before Microsoft Graph comes into play. */
export async function checkMachine(config: Config): Promise<readonly Check[]> {
  return [await checkDisk(config.home), ...(await checkDatabase(config))];
}

async function checkDisk(home: string): Promise<Check> {
  let folder = home;
  while (!existsSync(folder) && folder !== path.dirname(folder)) folder = path.dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  const free = (bavail * bsize) / GIBIBYTE;
  const shown = `${free.toFixed(1)} GiB are free in UNTETHER_HOME.`;
  const fix = 'Free some space, or set UNTETHER_HOME to a folder on a larger disk.';
  if (free < 0.5) return fail('disk', shown, fix);
  return free < 2 ? warn('disk', shown, fix) : ok('disk', shown);
}

async function checkDatabase(config: Config): Promise<readonly Check[]> {
  const embedded = config.databaseUrl === null;
  const kind = embedded
    ? ok('embedded postgres', 'The embedded database runs on this machine.')
    : ok('embedded postgres', 'Not used: DATABASE_URL names a server.');
  let opened: Awaited<ReturnType<typeof openDatabase>>;
  try {
    opened = await openDatabase(config);
  } catch (error) {
    const { text } = await describeCommandError(error);
    return [fail('embedded postgres', text, 'Set DATABASE_URL to a Postgres server of version 15 or newer.')];
  }
  try {
    const dataSource = await createDataSource(opened.address, JOB_LIMITS).initialize();
    try {
      const sent = Date.now();
      const [facts] = await dataSource.query<{ version: number; time: number }[]>(
        `select current_setting('server_version_num')::int / 10000 as version,
                extract(epoch from clock_timestamp())::float8 * 1000 as time`,
      );
      const offset = (sent + Date.now()) / 2 - (facts?.time ?? 0);
      return [
        kind,
        ok('database', 'The database answers. It needs no extension.'),
        judgeVersion(facts?.version ?? 0),
        judgeMigrations(await pendingMigrations(dataSource), embedded),
        judgeClock('database clock', 'the database', offset, DATABASE_CLOCK_LIMITS),
      ];
    } finally {
      await dataSource.destroy();
    }
  } catch (error) {
    const { text } = await describeCommandError(error);
    return [kind, fail('database', text, 'Check the server, the network and DATABASE_URL.')];
  } finally {
    await opened.embedded?.stop();
  }
}

function judgeVersion(version: number): Check {
  if (version >= OLDEST_POSTGRES) return ok('database version', `Postgres ${version}.`);
  return fail(
    'database version',
    `Postgres ${version} is too old.`,
    `Upgrade the server to ${OLDEST_POSTGRES} or newer.`,
  );
}

function judgeMigrations(pending: readonly string[], embedded: boolean): Check {
  if (pending.length === 0) return ok('migrations', 'The tables are up to date.');
  const fix = embedded ? 'Run "npx untether start" or "npx untether migrate".' : 'Run "npx untether migrate".';
  const judge = embedded ? warn : fail;
  return judge('migrations', `${pending.length} migrations are pending.`, fix);
}
