import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { CommandError, EXIT } from './command-error.js';
import { examples, print, remark } from './output.js';

/** Adds `untether classify`, which needs neither settings nor a database. */
export function addClassify(program: Command): void {
  program
    .command('classify')
    .description(
      'Say whether a model is a desktop, a laptop or something else, and how that is known. Needs no database.',
    )
    .argument('[manufacturer]', 'manufacturer as the machine reports it')
    .argument('[model]', 'model as the machine reports it')
    .option(
      '--csv <file>',
      'classify a file with the columns manufacturer and model ("-" is standard input); CSV comes out',
    )
    .addHelpText(
      'after',
      examples('untether classify Dell "Latitude 5440"', 'untether classify --csv models.csv > classes.csv'),
    )
    .action(async (manufacturer: string | undefined, model: string | undefined, options: { readonly csv?: string }) => {
      if (options.csv !== undefined && manufacturer === undefined) return classifyFile(options.csv);
      if (manufacturer !== undefined && model !== undefined && options.csv === undefined) {
        const { explainClassification } = await import('../devices/form-factor-commands.js');
        return print(explainClassification(manufacturer, model));
      }
      throw new CommandError(
        'This needs a manufacturer and a model, or --csv with a file.',
        'See "untether classify --help".',
        EXIT.usage,
      );
    });
}

async function classifyFile(file: string): Promise<void> {
  const { classifyCsv } = await import('../devices/form-factor-commands.js');
  try {
    const input = file === '-' ? process.stdin : createReadStream(file);
    const { rows, unknown } = await classifyCsv(input, standardOutput());
    remark(`${rows} rows, ${unknown} of them unknown.`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Whoever read the rows has seen enough.
    if (code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE') return;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') {
      throw new CommandError('The file cannot be read.', 'Check its path and permissions.', EXIT.usage);
    }
    throw error;
  }
}

/** A failed pipeline destroys what it writes to, which must not be standard output itself. */
function standardOutput(): Writable {
  return new Writable({ write: (chunk: Buffer, _encoding, done) => void process.stdout.write(chunk, done) });
}
