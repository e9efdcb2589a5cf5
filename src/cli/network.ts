import { open } from 'node:fs/promises';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { shownNumber } from '../common/shown-number.js';
import { loadConfig } from '../config/config.js';
import { IMPORTED_KINDS, type ImportedKind } from '../network/import/domain/import-words.js';
import type { NetworkImportQueries, NetworkImportSummary } from '../network/import/network-import.queries.js';
import type { NetworkImportService } from '../network/import/network-import.service.js';
import { operator, recordId } from './arguments.js';
import { CommandError, EXIT } from './command-error.js';
import { examples, print, printJson, table } from './output.js';

/** Refused rows that are shown unless JSON is asked for. */
const ROWS_SHOWN = 10;

interface ImportOptions {
  readonly kind: ImportedKind;
  readonly snapshot?: string;
  readonly apply?: true;
  readonly json?: true;
}

/** Adds `untether network`. */
export function addNetwork(program: Command): void {
  const network = program.command('network').description('Networks of sites, and the coverage of areas.');
  network
    .command('import')
    .description(
      'Read a file about networks and say what it would do; nothing else is changed unless --apply is given.',
    )
    .argument('<file>', 'CSV or .xlsx file')
    .addOption(new Option('--kind <kind>', 'what the rows are about').choices(IMPORTED_KINDS).makeOptionMandatory())
    .option('--snapshot <day>', 'day of the figures of coverage, unless the name of the file begins with their month')
    .option('--apply', 'apply it at once; refused rows are left out')
    .option('--json', 'print JSON only')
    .addHelpText(
      'after',
      examples(
        'untether network import links.csv --kind links',
        'untether network import sites.xlsx --kind sites --apply',
        'untether network import 202601_fixed_pc_coverage_r2_SO.csv --kind postcode_coverage --apply',
      ),
    )
    .action((file: string, options: ImportOptions) => importFile(file, options));
  network
    .command('apply-import')
    .description('Apply a file that was read before, exactly as its dry run showed it, once.')
    .argument('<id>', 'number of the import', recordId)
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether network apply-import 3'))
    .action((id: number, { json }: { readonly json?: true }) =>
      withImports(async ({ imports }) => tell(await imports.apply(id, operator()), json === true)),
    );
}

interface Imports {
  readonly imports: NetworkImportService;
  readonly queries: NetworkImportQueries;
}

async function withImports(work: (imports: Imports) => Promise<void>): Promise<void> {
  const [session, service, reading, comparison, application, read] = await Promise.all([
    import('./session.js'),
    import('../network/import/network-import.service.js'),
    import('../network/import/network-import-reading.service.js'),
    import('../network/import/network-import-comparison.service.js'),
    import('../network/import/network-import-application.service.js'),
    import('../network/import/network-import.queries.js'),
  ]);
  await session.withSession(loadConfig(), ({ transactor, dataSource }) => {
    const queries = new read.NetworkImportQueries(dataSource);
    const imports = new service.NetworkImportService(
      transactor,
      new reading.NetworkImportReading(transactor),
      new comparison.NetworkImportComparison(),
      new application.NetworkImportApplication(),
      queries,
    );
    return work({ imports, queries });
  });
}

async function importFile(file: string, { kind, snapshot, apply, json }: ImportOptions): Promise<void> {
  // Opened before anything else, so that a file that is not there is noticed here and not while it is being read.
  const opened = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`The file cannot be read (${error.code}).`, 'Check its path and permissions.', EXIT.usage);
  });
  await withImports(async ({ imports, queries }) => {
    const actor = operator();
    const staged = await imports.stage(opened.createReadStream(), {
      ...{ kind, actor, fileName: path.basename(file) },
      snapshot: snapshot ?? null,
    });
    if (json !== true) await showRefused(queries, staged);
    if (apply === true) return tell(await imports.apply(staged.id, actor), json === true);
    tell(staged, json === true);
    if (json !== true) print(`Nothing was changed yet. "untether network apply-import ${staged.id}" applies it.`);
  });
}

async function showRefused(queries: NetworkImportQueries, { id, counts }: NetworkImportSummary): Promise<void> {
  if (counts.refused === 0) return;
  const { items } = await queries.rows(id, { outcome: 'refused' }, { limit: ROWS_SHOWN });
  print(`Refused, left out (${items.length} of ${shownNumber(counts.refused)}):`);
  for (const { line, problems } of items) {
    const wrong = problems.map(({ column, message, fix }) => [column, message, fix].filter(Boolean).join(': '));
    print(`  line ${line}: ${wrong.join('; ')}`);
  }
}

function tell(summary: NetworkImportSummary, json: boolean): void {
  if (json) return printJson(summary);
  const { id, fileName, state, rowsRead, counts } = summary;
  print(`Import ${id} of ${fileName ?? 'a file'}, ${shownNumber(rowsRead)} rows: ${state}`);
  print(table(Object.keys(counts), [Object.values(counts)]));
}
