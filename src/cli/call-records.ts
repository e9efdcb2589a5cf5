import type { Command } from 'commander';
import { loadConfig } from '../config/config.js';
import type { CallRecordsRead } from '../sync/call-records/call-records.service.js';
import { operator } from './arguments.js';
import { CommandError, EXIT, type ExitCode } from './command-error.js';
import { examples, print, printJson, remark } from './output.js';
import { StopSignals } from './stop-signals.js';

interface CallRecordsOptions {
  readonly everything?: boolean;
  readonly json?: boolean;
}

/** Adds `untether call-records`. */
export function addCallRecords(program: Command): void {
  program
    .command('call-records')
    .description('Read Teams call records from Microsoft Graph here and now; the worker does so every night.')
    .option('--everything', 'read all of the last 30 days again, because the addresses of sites have changed')
    .option('--json', 'print JSON only')
    .addHelpText(
      'after',
      `${examples('untether call-records', 'untether call-records --everything')}

Needs CALL_RECORDS=on, people and the addresses of sites; docs/call-records.md says what is kept.
Exit codes: 0 they were read, 3 the reading failed, 5 it was not begun.`,
    )
    .action(async (options: CallRecordsOptions) => {
      process.exitCode = await readCallRecords(options);
    });
}

async function readCallRecords({ everything = false, json = false }: CallRecordsOptions): Promise<ExitCode> {
  const config = loadConfig();
  if (config.callRecords === null) {
    throw new CommandError(
      'Teams call records are not read here.',
      'Set CALL_RECORDS=on, once the council has decided on it (docs/call-records.md).',
      EXIT.refused,
    );
  }
  const [{ withSession }, { withApplication }, { withTenant }, { CallRecordsService }] = await Promise.all([
    import('./session.js'),
    import('./application.js'),
    import('./demonstration-process.js'),
    import('../sync/call-records/call-records.service.js'),
  ]);
  const signals = new StopSignals(() => process.exit(EXIT.interrupted));
  try {
    const request = { trigger: 'command' as const, requestedBy: operator(), everything };
    const outcome = await withSession(config, (session) =>
      withTenant(config, signals.stopped, () =>
        withApplication(session, (application) =>
          application.get(CallRecordsService, { strict: false }).read(request, signals.stopped),
        ),
      ),
    );
    if (json) printJson(outcome);
    if (outcome.outcome === 'refused') {
      if (!json) remark(outcome.message);
      return EXIT.refused;
    }
    if (!json) describe(outcome);
    if (signals.stopped.aborted) return EXIT.interrupted;
    return outcome.status === 'succeeded' ? EXIT.success : EXIT.runFailed;
  } finally {
    signals.dispose();
  }
}

function describe(read: CallRecordsRead): void {
  print(
    `${read.status}: ${read.listed} calls listed, ${read.takenOver} taken over, ${read.unchanged} known already, ${read.notReady} not ready yet, ${read.unreadable} set aside.`,
  );
  if (read.error !== null) remark(`${read.error.message}\nFix: ${read.error.fix}`);
}
