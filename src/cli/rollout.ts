import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { shownNumber } from '../common/shown-number.js';
import { loadConfig } from '../config/config.js';
import type { TakeOverReport } from '../rollout/take-over/take-over.service.js';
import { operator } from './arguments.js';
import { CommandError, EXIT } from './command-error.js';
import { examples, print, printJson, remark } from './output.js';
import type { Session } from './session.js';
import { workOutMachines } from './machines.js';

/** Of a file's problems and of what does not match, so many are shown unless JSON is asked for. */
const SHOWN = 20;

interface TakeOverOptions {
  readonly apply?: true;
  readonly json?: true;
}

/** Adds `untether rollout`. */
export function addRollout(program: Command): void {
  const rollout = program.command('rollout').description('The rollout: from desktops to laptops.');
  rollout
    .command('take-over')
    .description(
      'Take over the records of a rollout that is under way, once, before there is a programme here. Says what it would do and what does not match; nothing is changed unless --apply is given.',
    )
    .argument('<file>', 'JSON file; docs/rollout-take-over.md describes it')
    .option('--apply', 'take it over')
    .option('--json', 'print JSON only')
    .addHelpText(
      'after',
      examples('untether rollout take-over history.json', 'untether rollout take-over history.json --apply'),
    )
    .action((file: string, options: TakeOverOptions) => takeOver(file, options));
}

async function takeOver(file: string, options: TakeOverOptions): Promise<void> {
  const content = await readJson(file);
  const { readProgrammeHistory } = await import('../rollout/take-over/history-reading.js');
  const reading = readProgrammeHistory(content);
  if (!reading.ok) {
    const shown = reading.problems.slice(0, SHOWN).map(({ path, message }) => `  ${path || 'the file'}: ${message}`);
    throw new CommandError(
      `The file is not as it has to be, in ${shownNumber(reading.problems.length)} places:\n${shown.join('\n')}`,
      'Put them right; docs/rollout-take-over.md describes the format.',
      EXIT.usage,
    );
  }
  const { withSession } = await import('./session.js');
  await withSession(loadConfig(), async (session) => {
    await workOutMachines(session);
    const service = await takeOverService(session);
    if (options.apply !== true) {
      tell(await service.check(reading.history), options.json === true);
      if (options.json !== true) print('Nothing was changed. Add --apply to take it over.');
      return;
    }
    const taken = await service.takeOver(reading.history, operator(), options.json === true ? undefined : remark);
    await workOutMachines(session);
    tell(taken, options.json === true);
    if (options.json !== true) print(`Taken over, with ${shownNumber(taken.days)} days of history.`);
  });
}

/** The service on a session's own connection; whoever calls has told machines apart before. */
export async function takeOverService(
  session: Session,
): Promise<InstanceType<(typeof import('../rollout/take-over/take-over.service.js'))['TakeOverService']>> {
  const [{ TakeOverService }, { MoveDerivationService }, { SnapshotService }] = await Promise.all([
    import('../rollout/take-over/take-over.service.js'),
    import('../rollout/move-derivation.service.js'),
    import('../rollout/burndown/snapshot.service.js'),
  ]);
  const { transactor, dataSource } = session;
  return new TakeOverService(transactor, new MoveDerivationService(), new SnapshotService(dataSource, transactor));
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`The file cannot be read (${error.code}).`, 'Check its path and permissions.', EXIT.usage);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    const where = error instanceof Error ? error.message : '';
    throw new CommandError(`The file is no JSON. ${where}`, 'See docs/rollout-take-over.md.', EXIT.usage);
  }
}

function tell(report: TakeOverReport, json: boolean): void {
  if (json) return printJson(report);
  const { people, desktops, machinesMade, custodySteps, bookings, facts, mismatches } = report;
  print(
    `${shownNumber(people)} people and ${shownNumber(desktops)} desktops in the baseline, ${shownNumber(bookings)} bookings, ` +
      `${shownNumber(custodySteps)} steps of custody, ${shownNumber(facts)} facts.`,
  );
  if (machinesMade > 0) {
    print(`${shownNumber(machinesMade)} machines that no source knows become machines of the register.`);
  }
  if (mismatches.length === 0) return print('Everything in the records matches.');
  print(`What does not match (${Math.min(SHOWN, mismatches.length)} of ${shownNumber(mismatches.length)}):`);
  for (const { named, message } of mismatches.slice(0, SHOWN)) print(`  ${named}: ${message}`);
}
