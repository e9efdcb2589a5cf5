import { createServer } from 'node:net';
import type { Command } from 'commander';
import { loadConfig } from '../config/config.js';
import type { Config } from '../config/config.types.js';
import { WEB_NODE_OPTIONS } from '../config/node-options.js';
import { refuseWithoutSignIn } from '../config/sign-in-settings.js';
import type { StartedProcess } from './child-process.js';
import { CommandError, EXIT, type ExitCode } from './command-error.js';
import { examples, print, remark } from './output.js';
import type { Session } from './session.js';
import { pause, StopSignals } from './stop-signals.js';

/** How long each process may take to end; together with the database's they stay below 30 s. */
const STOP_MILLISECONDS = 9_000;
/** How long the web process may take until it answers. */
const WEB_MILLISECONDS = 90_000;
/** How long another command may keep the embedded database before this one gives up. */
const CLAIM_MILLISECONDS = 30_000;

/** Adds `untether start`. */
export function addStart(program: Command): void {
  program
    .command('start')
    .description(
      'Start everything on this machine: database, demonstration tenant (unless GRAPH_ settings name a real one), worker and web.',
    )
    .addHelpText(
      'after',
      `${examples('untether start', 'PORT=8080 UNTETHER_HOME=/srv/untether untether start')}\n\nCtrl+C stops everything in order, a second one at once. Logs are in UNTETHER_HOME/logs.`,
    )
    .action(async () => {
      process.exitCode = await start();
    });
}

async function start(): Promise<ExitCode> {
  const config = loadConfig();
  refuseWithoutSignIn(config);
  await refuseTakenPort(config.port, config.web.host);
  const processes: StartedProcess[] = [];
  const signals = new StopSignals(() => {
    for (const child of processes) child.kill();
    process.exit(EXIT.interrupted);
  });
  const session = await claimDatabase(config, signals.stopped);
  try {
    return await run(session, processes, signals.stopped);
  } finally {
    const stopping = signals.stopped.aborted && processes.length > 0;
    if (stopping) remark('\nStopping. A second Ctrl+C stops at once.');
    // The web process first, so that nobody is answered by half an application; the tenant last.
    for (const child of processes.toReversed()) await child.stop(STOP_MILLISECONDS);
    await session.close();
    if (stopping) remark('Stopped.');
    signals.dispose();
  }
}

/** Starts the processes one by one and follows them until a signal or the end of one of them. */
async function run(session: Session, processes: StartedProcess[], stopped: AbortSignal): Promise<ExitCode> {
  const { config } = session;
  const [{ startDemonstrationProcess, logFolder }, { startProcess }, { followSynchronisation, startingPoint }] =
    await Promise.all([
      import('./demonstration-process.js'),
      import('./child-process.js'),
      import('./start-report.js'),
    ]);
  if (config.tenant.kind === 'demonstration') {
    print('Starting the demonstration tenant: a synthetic council, nobody in it is real.');
    const demonstration = await startDemonstrationProcess(config.home, stopped);
    if (demonstration !== null) processes.push(demonstration);
  }
  await refuseOtherTenant(session);
  if (stopped.aborted) return EXIT.success;
  const logs = logFolder(config.home);
  const start = await startingPoint(session);
  const web = startProcess('web', 'main.js', [], logs, WEB_NODE_OPTIONS);
  processes.push(startProcess('worker', 'worker.js', [], logs), web);

  const deaths = processes.map(async (child) => {
    const how = await child.ended;
    if (stopped.aborted) return EXIT.success;
    remark(`\nThe ${child.name} process ended ${how}. Everything else is stopped. Its log is ${child.logFile}:`);
    remark(child.lastWords());
    return EXIT.unexpected;
  });
  const work = async (): Promise<ExitCode> => {
    const address = await Promise.race([web.address, pause(WEB_MILLISECONDS, stopped)]);
    if (stopped.aborted) return EXIT.success;
    if (address === undefined) {
      throw new CommandError('The web process did not answer in time.', `Its log is ${web.logFile}.`, EXIT.unexpected);
    }
    print(`Untether is at ${address}. Logs are in ${logs}.`);
    print(whereToSignIn(config, address));
    await followSynchronisation(session, start, address, stopped);
    return EXIT.success;
  };
  return Promise.race([work(), ...deaths]);
}

function whereToSignIn(config: Config, address: string): string {
  if (config.tenant.kind === 'tenant') {
    return `Sign in at ${config.publicUrl ?? address}/sign-in with an account of your organisation.`;
  }
  return `Sign in at ${address}/sign-in: choose one of the invented people, one for each role. There is no password.`;
}

/**
 * Opens the database. The embedded one has to be ours for as long as this runs: another command that happens to own it
 * is waited for.
 */
async function claimDatabase(config: Config, stopped: AbortSignal): Promise<Session> {
  const [{ openDatabase }, { openSession, forgetDeadLeases }] = await Promise.all([
    import('../database/data-source.js'),
    import('./session.js'),
  ]);
  if (config.databaseUrl === null) print(`Starting the embedded database in ${config.home}.`);
  const deadline = Date.now() + CLAIM_MILLISECONDS;
  for (let told = false; ; told = true) {
    const { address, embedded } = await openDatabase(config);
    if (embedded === null) return openSession(config, address, embedded);
    if (embedded.owned) {
      const session = await openSession(config, address, embedded);
      await forgetDeadLeases(session);
      return session;
    }
    if (Date.now() > deadline || stopped.aborted) {
      throw new CommandError(
        `Untether runs already in ${config.home}.`,
        'Stop it first, or set UNTETHER_HOME and PORT to others.',
        EXIT.refused,
      );
    }
    if (!told) print('Another Untether command uses the embedded database; waiting for it to end.');
    await pause(1_000, stopped);
  }
}

/** A worker refuses to mix two tenants' records; said here, it is not lost in a log. */
async function refuseOtherTenant(session: Session): Promise<void> {
  const { graphSettings } = await import('../config/demonstration.js');
  const [bound] = await session.dataSource.query<{ tenant_id: string; kind: string }[]>(
    'select tenant_id, kind from sync_tenant',
  );
  if (bound === undefined || bound.tenant_id === graphSettings(session.config).tenantId.toLowerCase()) return;
  const holder = bound.kind === 'demonstration' ? 'a demonstration tenant' : 'another tenant';
  throw new CommandError(
    `The database holds the records of ${holder}, not of the one that the settings name.`,
    'Use a database of its own for each tenant (UNTETHER_HOME or DATABASE_URL).',
    EXIT.configuration,
  );
}

async function refuseTakenPort(port: number, host: string): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  const code = await new Promise<string | null>((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    server.listen(port, host, () => resolve(null));
  });
  if (code === null) {
    await new Promise((resolve) => server.close(resolve));
    return;
  }
  throw new CommandError(
    `Port ${port} cannot be used (${code}).`,
    'Set PORT to another one; 0 picks a free port.',
    EXIT.configuration,
  );
}
