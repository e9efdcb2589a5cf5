import type { Command } from 'commander';
import { loadConfig } from '../config/config.js';
import { shownTime } from '../common/uk-time.js';
import { NotFoundError } from '../common/errors.js';
import type { SourceName } from '../config/sources.js';
import type { SyncRunDetail } from '../sync/sync.queries.js';
import { recordId, sourceName, wholeNumber } from './arguments.js';
import { examples, print, printJson, shownDuration, table } from './output.js';
import { effects, runMilliseconds, runTable } from './run-text.js';

interface ListOptions {
  readonly source?: SourceName;
  readonly limit: number;
  readonly json?: true;
}

/** Adds `untether runs` and `untether runs show`. */
export function addRuns(program: Command): void {
  const runs = program
    .command('runs')
    .description('List the runs of the synchronisation, newest first, or show one of them.');
  runs
    .command('list', { isDefault: true })
    .description('List the runs, newest first.')
    .option('--source <name>', 'only runs of this source', sourceName)
    .option('--limit <number>', 'how many, from 1 to 200', wholeNumber(1, 200), 20)
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether runs --source users --limit 5'))
    .action((options: ListOptions) => list(options));
  runs
    .command('show')
    .description('Show one run: what it did, what it cost, what it set aside and what to do about it.')
    .argument('<id>', 'number of the run', recordId)
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether runs show 42'))
    .action((id: number, options: { readonly json?: true }) => show(id, options.json === true));
}

async function list(options: ListOptions): Promise<void> {
  const { withSession } = await import('./session.js');
  await withSession(loadConfig(), async ({ sync }) => {
    const { items } = await sync.runs({ source: options.source }, { limit: options.limit });
    if (options.json === true) return printJson({ runs: items });
    if (items.length === 0) return print('There are no runs yet. "untether sync" makes one.');
    const now = new Date();
    print(
      table(
        ['Run', 'Source', 'Began', 'By', 'Kind', 'Result', 'Rows', 'Effect', 'Took'],
        items.map((run) => [
          String(run.id),
          run.source,
          shownTime(run.startedAt, now)?.text ?? null,
          run.trigger,
          run.dryRun ? `${run.kind}, dry run` : run.kind,
          run.errorCode === null ? run.status : `${run.status}: ${run.errorCode}`,
          run.rowsRead,
          run.status === 'succeeded' || run.status === 'held' ? effects(run) : null,
          shownDuration(runMilliseconds(run, now)),
        ]),
      ),
    );
  });
}

async function show(id: number, json: boolean): Promise<void> {
  const { withSession } = await import('./session.js');
  await withSession(loadConfig(), async ({ sync }) => {
    const run = await sync.run(id);
    if (run === null) throw new NotFoundError(`There is no run ${id}. List them with "untether runs".`);
    if (json) printJson(run);
    else describe(run);
  });
}

function describe(run: SyncRunDetail): void {
  const began = shownTime(run.startedAt, new Date());
  print(`Run ${run.id} of ${run.source}: ${run.status}, began ${began?.text} (UK time), ${began?.age}`);
  print(
    `Asked for by ${run.trigger}; ${run.kind} read${run.dryRun ? ', dry run' : ''}; ${run.retries} requests repeated, ` +
      `${shownDuration(run.throttledMilliseconds)} waited because Microsoft asked for it`,
  );
  print(`\n${runTable([{ run }])}`);
  if (run.note !== null) print(`\n${run.note}`);
  if (run.errorMessage !== null) print(`\n${run.errorCode}: ${run.errorMessage}\nFix: ${run.errorFix ?? 'none known'}`);
  if (run.quarantine.length === 0) return;
  print(
    '\nSet aside because something is wrong with them; correct them in Microsoft 365 and the next run takes them in:',
  );
  print(
    table(
      ['Field', 'Reason', 'Records', 'Such as'],
      run.quarantine.map((group) => [
        group.field,
        group.reason,
        group.records,
        group.examples.map((example) => example ?? 'a record without id').join(', '),
      ]),
    ),
  );
}
