import { open } from 'node:fs/promises';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { loadConfig } from '../config/config.js';
import type { ImportSummary, ShownOutcome } from '../devices/import/import.queries.js';
import type { ImportService } from '../devices/import/import.service.js';
import { operator, recordId } from './arguments.js';
import { CommandError, EXIT } from './command-error.js';
import { examples, print, printJson, table } from './output.js';

/** Rows of each outcome that are shown unless JSON is asked for. */
const ROWS_SHOWN = 10;
/** Outcomes that a person should look at before applying. */
const DOUBTFUL: readonly ShownOutcome[] = ['refused', 'conflict'];

interface CheckOptions {
  readonly mapping?: string;
  readonly apply?: true;
  readonly json?: true;
}

/** Adds `untether import`. */
export function addImport(program: Command): void {
  const imports = program.command('import').description('Bring in an asset register from CSV or Excel.');
  imports
    .command('check', { isDefault: true })
    .description('Read a file and say what it would do; nothing else is changed unless --apply is given.')
    .argument('<file>', 'CSV or .xlsx file')
    .option('--mapping <name>', 'saved mapping of columns; without one, known headers are used')
    .addOption(
      new Option('--dry-run', 'only say what it would do, which is what happens unless --apply is given').conflicts(
        'apply',
      ),
    )
    .option('--apply', 'apply it at once; conflicts and refused rows are left out')
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether import register.xlsx --dry-run', 'untether import register.csv --apply'))
    .action((file: string, options: CheckOptions) => check(file, options));
  imports
    .command('apply')
    .description('Apply a file that was read before, exactly as its check showed it, once.')
    .argument('<id>', 'number of the import', recordId)
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether import apply 3'))
    .action((id: number, options: { readonly json?: true }) =>
      withImports(async (service) => tell(await service.apply(id, operator()), options.json === true)),
    );
  imports
    .command('undo')
    .description('Bring back what was there before an import. Entries that somebody changed since are left alone.')
    .argument('<id>', 'number of the import', recordId)
    .requiredOption('--reason <text>', 'why; it is kept with your user name')
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether import undo 3 --reason "Wrong file"'))
    .action((id: number, options: { readonly reason: string; readonly json?: true }) =>
      withImports(async (service) => {
        const result = await service.undo(id, operator(), options.reason);
        if (options.json === true) printJson(result);
        else tell(result.import, false);
      }),
    );
}

async function withImports(work: (service: ImportService) => Promise<void>): Promise<void> {
  const [session, service, reading, comparison, application, mappings, queries, search] = await Promise.all([
    import('./session.js'),
    import('../devices/import/import.service.js'),
    import('../devices/import/import-reading.service.js'),
    import('../devices/import/import-comparison.service.js'),
    import('../devices/import/import-application.service.js'),
    import('../devices/import/import-mappings.service.js'),
    import('../devices/import/import.queries.js'),
    import('../devices/search-index.service.js'),
  ]);
  await session.withSession(loadConfig(), ({ transactor, dataSource }) =>
    work(
      new service.ImportService(
        transactor,
        new reading.ImportReading(transactor),
        new comparison.ImportComparison(),
        new application.ImportApplication(),
        new mappings.ImportMappings(transactor),
        new queries.ImportQueries(dataSource),
        new search.SearchIndexService(dataSource),
      ),
    ),
  );
}

async function check(file: string, options: CheckOptions): Promise<void> {
  // Opened before anything else, so that a file that is not there is noticed here and not while it is being read.
  const opened = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`The file cannot be read (${error.code}).`, 'Check its path and permissions.', EXIT.usage);
  });
  await withImports(async (service) => {
    const staged = await service.stage(opened.createReadStream(), {
      actor: operator(),
      fileName: path.basename(file),
      mapping: options.mapping ?? null,
    });
    if (options.json !== true) await showDoubtful(service, staged);
    if (options.apply === true) return tell(await service.apply(staged.id, operator()), options.json === true);
    tell(staged, options.json === true);
    if (options.json !== true) print(`Nothing was changed yet. "untether import apply ${staged.id}" applies it.`);
  });
}

async function showDoubtful(service: ImportService, { id, counts }: ImportSummary): Promise<void> {
  for (const outcome of DOUBTFUL) {
    if (counts[outcome] === 0) continue;
    const { rows } = await service.preview(id, { outcome, limit: ROWS_SHOWN });
    print(`${outcome === 'refused' ? 'Refused' : 'In conflict'}, left out (${rows.length} of ${counts[outcome]}):`);
    for (const row of rows) {
      const problems = row.problems.map((problem) =>
        [problem.column, problem.message, problem.fix].filter(Boolean).join(': '),
      );
      print(`  line ${row.line}: ${problems.join('; ')}`);
    }
  }
}

function tell(summary: ImportSummary, json: boolean): void {
  if (json) return printJson(summary);
  print(`Import ${summary.id} of ${summary.fileName ?? 'a file'}: ${summary.state}`);
  print(table(Object.keys(summary.counts), [Object.values(summary.counts)]));
}
