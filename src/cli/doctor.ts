import type { Command } from 'commander';
import { loadConfig } from '../config/config.js';
import type { Config } from '../config/config.types.js';
import type { Check } from './checks/check.js';
import { EXIT } from './command-error.js';
import { examples, print, printJson } from './output.js';

const MARKS: Readonly<Record<Check['status'], string>> = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' };

/** Adds `untether doctor`. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'Check database, disk, clocks, mail, TLS, credential and every permission (present, missing, more than needed), each with its fix.',
    )
    .option('--json', 'print JSON only')
    .addHelpText(
      'after',
      `${examples('untether doctor', 'untether doctor --json')}\n\nExit codes: 0 nothing failed (warnings allowed), 1 something failed.`,
    )
    .action(async (options: { readonly json?: true }) => {
      const checks = await examine(loadConfig());
      if (options.json === true) printJson({ checks });
      else for (const check of checks) describe(check);
      const failed = checks.some((check) => check.status === 'fail');
      process.exitCode = failed ? EXIT.unexpected : EXIT.success;
    });
}

async function examine(config: Config): Promise<readonly Check[]> {
  const [{ checkMachine }, { checkMail }, { checkGraph }, { warn }, { demonstrationSettings }] = await Promise.all([
    import('./checks/machine-checks.js'),
    import('./checks/mail-checks.js'),
    import('./checks/graph-checks.js'),
    import('./checks/check.js'),
    import('../config/demonstration.js'),
  ]);
  const machine = [...(await checkMachine(config)), await checkMail(config)];
  const settings = config.tenant.kind === 'tenant' ? config.tenant : demonstrationSettings(config.home);
  if (settings !== null) return [...machine, ...(await checkGraph(settings, config.callRecords !== null))];
  return [
    ...machine,
    warn(
      'tenant',
      'The demonstration tenant is configured and does not run.',
      'Run "npx untether demo start" or "npx untether start", or set the GRAPH_ settings of your own tenant.',
    ),
  ];
}

function describe({ name, status, message, fix }: Check): void {
  print(`${MARKS[status]}  ${name}: ${message}`);
  if (fix !== null) print(`      Fix: ${fix}`);
}
