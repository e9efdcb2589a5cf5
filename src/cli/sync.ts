import type { Command } from 'commander';
import { loadConfig } from '../config/config.js';
import { SOURCE_NAMES, type SourceName } from '../config/sources.js';
import { SOURCES } from '../sync/sources/registry.js';
import type { SyncRun } from '../sync/sync.queries.js';
import type { SyncRoundService } from '../sync/sync-round.service.js';
import type { RunOutcome, RunRequest } from '../sync/sync.types.js';
import { addSourceName, operator } from './arguments.js';
import { EXIT, type ExitCode } from './command-error.js';
import { examples, outputClosed, print, printJsonLine, remark } from './output.js';
import { changedNothing, runSentence, runTable, type RunResult } from './run-text.js';
import { StopSignals } from './stop-signals.js';

interface SyncOptions {
  readonly full?: true;
  readonly dryRun?: true;
  readonly watch?: true;
  readonly json?: true;
}

/** Error codes of a run that mean that this tenant does not let us read the source. */
const NOT_ALLOWED: ReadonlySet<string | null> = new Set(['forbidden', 'unlicensed']);

/** Adds `untether sync`. */
export function addSync(program: Command): void {
  program
    .command('sync')
    .description('Read sources from Microsoft Graph here and now, several at a time; all of them if none is named.')
    .argument('[source...]', `sources to read: ${SOURCE_NAMES.join(', ')} (managers come with users)`, addSourceName)
    .option('--full', 'read everything even where changes alone would do')
    .option('--dry-run', 'read and decide, but change nothing')
    .option('--watch', 'afterwards follow the runs of all processes until Ctrl+C')
    .option('--json', 'print one JSON object for each run and nothing else')
    .addHelpText(
      'after',
      `${examples('untether sync', 'untether sync users entra-devices --full', 'untether sync --dry-run --json')}

Exit codes: 0 every run succeeded, 3 a run failed, 4 removals are held, 5 a run was not begun: the
source is being run already, or the database holds another tenant. A paused source is run when it is asked for here.
Teams call records are read by "untether call-records". The JSON has the fields of GET /api/v1/sync/runs; a run that was not begun has status "refused".`,
    )
    .action(async (sources: readonly SourceName[] | undefined, options: SyncOptions) => {
      process.exitCode = await synchronise(sources ?? [], options);
    });
}

async function synchronise(named: readonly SourceName[], options: SyncOptions): Promise<ExitCode> {
  const config = loadConfig();
  const [{ withSession }, { withApplication }, { withTenant }, { SyncRoundService }, { watchRuns }] = await Promise.all(
    [
      import('./session.js'),
      import('./application.js'),
      import('./demonstration-process.js'),
      import('../sync/sync-round.service.js'),
      import('./watch.js'),
    ],
  );
  const signals = new StopSignals(() => process.exit(EXIT.interrupted));
  try {
    return await withSession(config, (session) =>
      withTenant(config, signals.stopped, () =>
        withApplication(session, async (application) => {
          const results = await runSources(
            application.get(SyncRoundService),
            async (id) => session.sync.run(Number(id)),
            named.length > 0 ? named : SOURCE_NAMES,
            options,
            signals.stopped,
          );
          if (options.json !== true) summarise(results, options.dryRun === true);
          if (options.watch === true && !signals.stopped.aborted) {
            await watchRuns(session.sync, options.json === true, AbortSignal.any([signals.stopped, outputClosed]));
          }
          return signals.stopped.aborted && options.watch !== true
            ? EXIT.interrupted
            : exitCodeOf(results, named.length > 0);
        }),
      ),
    );
  } finally {
    signals.dispose();
  }
}

async function runSources(
  round: SyncRoundService,
  recordOf: (id: string) => Promise<SyncRun | null>,
  sources: readonly SourceName[],
  options: SyncOptions,
  signal: AbortSignal,
): Promise<RunResult[]> {
  const { createProgressView } = await import('./progress.js');
  const view = createProgressView(options.json === true);
  const results = new Map<SourceName, RunResult>();
  // Sources end in any order; what is printed keeps the order in which they were asked for.
  const unprinted = [...sources];
  const printNext = (all: boolean): void => {
    for (let name = unprinted[0]; name !== undefined && (all || results.has(name)); name = unprinted[0]) {
      unprinted.shift();
      const result = results.get(name);
      if (result !== undefined && options.json === true) printJsonLine(jsonOf(result));
    }
  };
  const request = requestOf(options, signal);
  try {
    await round.run(
      sources,
      () => {
        const began = Date.now();
        return { ...request, onProgress: (progress) => view.update({ ...progress, elapsed: Date.now() - began }) };
      },
      async (outcome) => {
        const result = await resultOf(outcome, recordOf);
        results.set(outcome.source, result);
        view.finish(outcome.source, 'run' in result ? runSentence(result.run) : `not run: ${result.refused.message}`);
        printNext(false);
      },
    );
  } finally {
    printNext(true);
    view.close();
  }
  return sources.flatMap((source) => results.get(source) ?? []);
}

function requestOf(options: SyncOptions, signal: AbortSignal): RunRequest {
  return {
    trigger: 'command',
    requestedBy: operator(),
    ...(options.full === true ? { full: true } : {}),
    ...(options.dryRun === true ? { dryRun: true } : {}),
    signal,
  };
}

async function resultOf(outcome: RunOutcome, recordOf: (id: string) => Promise<SyncRun | null>): Promise<RunResult> {
  if (outcome.outcome === 'refused') return { refused: outcome };
  const run = await recordOf(outcome.runId);
  if (run === null) throw new Error(`Run ${outcome.runId} has left no record.`);
  return { run };
}

function jsonOf(result: RunResult): object {
  return 'run' in result ? result.run : { ...result.refused, outcome: undefined, status: 'refused' };
}

function summarise(results: readonly RunResult[], dryRun: boolean): void {
  print(runTable(results));
  const runs = results.flatMap((result) => ('run' in result ? [result.run] : []));
  if (runs.length === results.length && runs.length > 0 && runs.every(changedNothing)) {
    print('\nNothing changed: no row was written.');
  } else if (dryRun) print('\nThis was a dry run: the figures say what would change, and nothing was written.');
  if (runs.some((run) => run.status === 'held')) {
    remark('Removals are held until a person has looked at them: see "untether held list".');
  }
}

/**
 * What the command ends with. An optional source that the tenant does not allow is reported and is no failure, unless it
 * was asked for by name.
 */
export function exitCodeOf(results: readonly RunResult[], named: boolean): ExitCode {
  const runs = results.flatMap((result) => ('run' in result ? [result.run] : []));
  const failed = runs.filter((run) => run.status === 'failed' || run.status === 'abandoned');
  const counted = failed.filter((run) => named || !(SOURCES[run.source].optional && NOT_ALLOWED.has(run.errorCode)));
  if (counted.length > 0) return EXIT.runFailed;
  if (runs.some((run) => run.status === 'held')) return EXIT.held;
  if (results.some((result) => 'refused' in result)) return EXIT.refused;
  return EXIT.success;
}
