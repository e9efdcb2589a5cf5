import { existsSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { followParentProcess } from '../common/parent-process.js';
import { loadConfig } from '../config/config.js';
import { demonstrationFolder } from '../config/demonstration.js';
import type { Demonstration } from '../demo/demonstration.js';
import type { DemonstrationEndpoint } from '../demo/demonstration-endpoint.js';
import type { Fault } from '../demo/emulator/faults/fault.js';
import { wholeNumber } from './arguments.js';
import { CommandError, EXIT } from './command-error.js';
import { examples, print, printJson, table } from './output.js';
import { pause, StopSignals } from './stop-signals.js';

/** Port of a new demonstration tenant; links that a client keeps name it, so it stays the same where it can. */
const DEFAULT_PORT = 4650;
const JSON_OPTION = ['--json', 'print JSON only'] as const;

interface StartOptions {
  readonly home?: string;
  readonly seed?: number;
  readonly people?: number;
  readonly port?: number;
}
interface Options {
  readonly home?: string;
  readonly json?: true;
}

/** Adds `untether demo` with everything below it. */
export function addDemo(program: Command): void {
  const demo = program
    .command('demo')
    .description('Drive the demonstration tenant: a synthetic council, nobody in it is real.');
  demo
    .command('start')
    .description('Start the demonstration tenant and keep it running until Ctrl+C.')
    .option('--home <folder>', 'folder instead of UNTETHER_HOME')
    .option('--seed <number>', 'seed of a new tenant (default 1)', wholeNumber(0, 2_147_483_647))
    .option('--people <number>', 'size of a new tenant (default 3500)', wholeNumber(1, 1_000_000))
    .option('--port <number>', `port on 127.0.0.1 (default ${DEFAULT_PORT}, or a free one)`, wholeNumber(0, 65_535))
    .addHelpText('after', examples('untether demo start --people 100000 --seed 7'))
    .action((options: StartOptions) => start(options));
  demo
    .command('advance')
    .description('Let the tenant live through so many days: people join, leave, marry and move, machines are replaced.')
    .argument('<days>', 'whole days', wholeNumber(1, 3_650))
    .option('--home <folder>', 'folder instead of UNTETHER_HOME')
    .option(...JSON_OPTION)
    .addHelpText('after', examples('untether demo advance 7'))
    .action((days: number, options: Options) => advance(days, options));
  demo
    .command('status')
    .description('Say what the running demonstration tenant is and holds.')
    .option('--home <folder>', 'folder instead of UNTETHER_HOME')
    .option(...JSON_OPTION)
    .addHelpText('after', examples('untether demo status'))
    .action((options: Options) => status(options));
  demo
    .command('programme-history')
    .description(
      'Print what the invented council has on record of its rollout, as "untether rollout take-over" reads it. The first "untether start" takes it over.',
    )
    .option('--home <folder>', 'folder instead of UNTETHER_HOME')
    .addHelpText('after', examples('untether demo programme-history > history.json'))
    .action((options: Options) => programmeHistory(options));
  addFaults(demo);
}

function addFaults(demo: Command): void {
  const faults = demo.command('faults').description('Make the demonstration tenant misbehave as Microsoft Graph can.');
  faults
    .command('list', { isDefault: true })
    .description('List the faults that are switched on, and those there are.')
    .option('--home <folder>', 'folder instead of UNTETHER_HOME')
    .option(...JSON_OPTION)
    .addHelpText('after', examples('untether demo faults list'))
    .action((options: Options) => listFaults(options));
  faults
    .command('set')
    .description('Switch a fault on.')
    .argument('<json>', 'the fault as JSON: a name, and where and how often', readFault)
    .option('--home <folder>', 'folder instead of UNTETHER_HOME')
    .option(...JSON_OPTION)
    .addHelpText('after', examples(`untether demo faults set '{"name":"throttled","path":"/users","first":3}'`))
    .action((fault: Fault, options: Options) => setFault(fault, options));
  faults
    .command('clear')
    .description('Switch one fault off, or all of them.')
    .argument('[id]', 'id from the list')
    .option('--home <folder>', 'folder instead of UNTETHER_HOME')
    .option(...JSON_OPTION)
    .addHelpText('after', examples('untether demo faults clear'))
    .action((id: string | undefined, options: Options) => clearFaults(id, options));
}

async function start(options: StartOptions): Promise<void> {
  refuseBesideRealTenant();
  const folder = demonstrationFolder(homeOf(options));
  const signals = new StopSignals(() => process.exit(EXIT.interrupted));
  followParentProcess();
  const demonstration = await open(folder, options);
  const { baseUrl, people, seed } = demonstration.endpoint;
  print(`Demonstration tenant of ${people} people (seed ${seed}) at ${baseUrl}. Nothing in it is real.`);
  print('"untether sync" reads it. Ctrl+C ends it; the tenant stays as it is for the next start.');
  // The server keeps the process alive; a day is as good as any other wait.
  while (!signals.stopped.aborted) await pause(86_400_000, signals.stopped);
  await demonstration.stop();
  signals.dispose();
}

/** Where a real tenant's settings are, nobody shall be able to sign in by choosing who they are. */
function refuseBesideRealTenant(): void {
  if (loadConfig().tenant.kind === 'demonstration') return;
  throw new CommandError(
    'The settings name a real tenant, and the demonstration lets anybody sign in as anybody.',
    'Unset the GRAPH_ settings, or run it elsewhere.',
    EXIT.configuration,
  );
}

/** A new tenant takes the default port where it is free; an older one its own, which links of its clients name. */
async function open(folder: string, options: StartOptions): Promise<Demonstration> {
  const { startDemonstration } = await import('../demo/demonstration.js');
  const { seed, people, port } = options;
  const wishes = { folder, ...(seed === undefined ? {} : { seed }), ...(people === undefined ? {} : { people }) };
  try {
    if (port !== undefined) return await startDemonstration({ ...wishes, port });
    if (existsSync(path.join(folder, 'tenant.json'))) return await startDemonstration(wishes);
    return await startDemonstration({ ...wishes, port: DEFAULT_PORT }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') return startDemonstration(wishes);
      throw error;
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new CommandError(`Port ${port} is in use.`, 'Give another one with --port.', EXIT.refused);
    }
    if (code !== undefined) throw error;
    throw new CommandError(message, 'See "untether demo status".', EXIT.refused);
  }
}

async function advance(days: number, options: Options): Promise<void> {
  const { advanceDemonstration } = await import('../demo/demonstration-client.js');
  const answer = await advanceDemonstration(await endpointOf(options), days);
  if (options.json) return printJson(answer);
  for (const { date, events } of answer.days) {
    const told = Object.entries(events).map(([event, count]) => `${count} ${event}`);
    print(`${date}: ${told.length === 0 ? 'nothing happened' : told.join(', ')}`);
  }
  print(`It is now ${answer.today.slice(0, 10)}, day ${answer.day}.`);
}

async function programmeHistory(options: Options): Promise<void> {
  const { demonstrationProgrammeHistory } = await import('../demo/demonstration-client.js');
  printJson(await demonstrationProgrammeHistory(await endpointOf(options)));
}

async function status(options: Options): Promise<void> {
  const { demonstrationStatus } = await import('../demo/demonstration-client.js');
  const endpoint = await endpointOf(options);
  const answer = await demonstrationStatus(endpoint);
  if (options.json) return printJson({ baseUrl: endpoint.baseUrl, ...answer });
  print(
    `${answer.banner}\n${endpoint.baseUrl}, seed ${answer.seed}, day ${answer.day} (${answer.today.slice(0, 10)})\n`,
  );
  print(table(['Collection', 'Records'], Object.entries(answer.records)));
  print(`\nFaults switched on: ${answer.faults}`);
}

async function listFaults(options: Options): Promise<void> {
  const { demonstrationFaults } = await import('../demo/demonstration-client.js');
  const { active, catalogue } = await demonstrationFaults(await endpointOf(options));
  if (options.json) return printJson({ active, catalogue });
  print(active.length === 0 ? 'No fault is switched on.' : active.map((fault) => JSON.stringify(fault)).join('\n'));
  print(
    `\n${table(
      ['Fault', 'What it does'],
      Object.entries(catalogue).map(([name, kind]) => [name, kind.description]),
    )}`,
  );
}

async function setFault(fault: Fault, options: Options): Promise<void> {
  const { addDemonstrationFault } = await import('../demo/demonstration-client.js');
  const id = await addDemonstrationFault(await endpointOf(options), fault);
  if (options.json) printJson({ id });
  else print(`Switched on as ${id}. "untether demo faults clear ${id}" switches it off.`);
}

async function clearFaults(id: string | undefined, options: Options): Promise<void> {
  const { clearDemonstrationFaults } = await import('../demo/demonstration-client.js');
  await clearDemonstrationFaults(await endpointOf(options), id);
  if (options.json) printJson({ cleared: id ?? 'all' });
  else print(id === undefined ? 'All faults are switched off.' : `${id} is switched off.`);
}

/** The emulator itself checks the content: it knows its faults. */
function readFault(value: string): Fault {
  try {
    return JSON.parse(value) as Fault;
  } catch {
    throw new InvalidArgumentError('Give JSON such as {"name":"throttled","first":3}.');
  }
}

function homeOf(options: { readonly home?: string }): string {
  return options.home === undefined ? loadConfig().home : path.resolve(options.home);
}

async function endpointOf(options: Options): Promise<DemonstrationEndpoint> {
  const { runningDemonstration } = await import('./demonstration-process.js');
  const endpoint = await runningDemonstration(homeOf(options));
  if (endpoint !== null) return endpoint;
  throw new CommandError(
    'No demonstration tenant runs here.',
    'Start one with "untether demo start" or "untether start".',
    EXIT.refused,
  );
}
