import type { Command } from 'commander';
import { loadConfig } from '../config/config.js';
import type { Actor } from '../audit/actor.js';
import type { SourceName } from '../config/sources.js';
import { operator, sourceName } from './arguments.js';
import { examples, print, printJson } from './output.js';

/** Adds `untether pause` and `untether resume`. */
export function addPause(program: Command): void {
  program
    .command('pause')
    .description('Stop the scheduled runs of a source until it is resumed; "untether sync" still runs it.')
    .argument('<source>', 'source to pause', sourceName)
    .requiredOption('--reason <text>', 'why; it is shown on the status page with your user name')
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether pause managed-devices --reason "Intune maintenance tonight"'))
    .action((source: SourceName, options: { readonly reason: string; readonly json?: true }) =>
      change(source, 'paused', options.json === true, (service) => service.pause(source, operator(), options.reason)),
    );
  program
    .command('resume')
    .description('Let the scheduled runs of a paused source go on.')
    .argument('<source>', 'source to resume', sourceName)
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether resume managed-devices'))
    .action((source: SourceName, options: { readonly json?: true }) =>
      change(source, 'resumed', options.json === true, (service) => service.resume(source, operator())),
    );
}

interface Pausing {
  pause(source: SourceName, actor: Actor, reason: string): Promise<boolean>;
  resume(source: SourceName, actor: Actor): Promise<boolean>;
}

async function change(
  source: SourceName,
  state: 'paused' | 'resumed',
  json: boolean,
  act: (service: Pausing) => Promise<boolean>,
): Promise<void> {
  const [{ withSession }, { PauseService }] = await Promise.all([
    import('./session.js'),
    import('../sync/pause.service.js'),
  ]);
  await withSession(loadConfig(), async ({ transactor }) => {
    const changed = await act(new PauseService(transactor));
    if (json) return printJson({ source, state, changed });
    const already = state === 'paused' ? 'was paused already' : 'was not paused';
    print(changed ? `${source} is ${state}.` : `${source} ${already}: nothing was changed.`);
  });
}
