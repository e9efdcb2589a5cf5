import type { Command } from 'commander';
import { loadConfig } from '../config/config.js';
import { examples, print, printJson } from './output.js';

/** Adds `untether migrate`. */
export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('Bring the database and its job queue up to date. Safe to run at any time and by many at once.')
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('DATABASE_URL=postgres://untether@database.example/untether untether migrate'))
    .action((options: { readonly json?: true }) => run(options.json === true));
}

async function run(json: boolean): Promise<void> {
  const config = loadConfig();
  const [{ migrateAll }, { createDataSource, JOB_LIMITS, openDatabase }] = await Promise.all([
    import('./session.js'),
    import('../database/data-source.js'),
  ]);
  const { address, embedded } = await openDatabase(config);
  try {
    const dataSource = await createDataSource(address, JOB_LIMITS).initialize();
    try {
      const migrations = await migrateAll(dataSource, address);
      if (json) printJson({ migrations, jobQueue: 'up to date' });
      else {
        print(
          migrations.length === 0
            ? 'The tables were up to date.'
            : ['Ran:', ...migrations.map((m) => `  ${m}`)].join('\n'),
        );
        print('The job queue is up to date.');
      }
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await embedded?.stop();
  }
}
