import type { Command } from 'commander';
import { loadConfig } from '../config/config.js';
import { operator } from './arguments.js';
import { examples, print, printJson } from './output.js';

/** Adds `untether sessions`. */
export function addSessions(program: Command): void {
  const sessions = program.command('sessions').description('Browsers in which people are signed in.');
  sessions
    .command('end')
    .description('Sign a person out of every browser. Their tokens stay; "untether tokens revoke" ends those.')
    .argument('<user principal name>', 'the person, as the directory names them')
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether sessions end a.shah@council.example'))
    .action((userPrincipalName: string, options: { readonly json?: true }) =>
      end(userPrincipalName, options.json === true),
    );
}

async function end(userPrincipalName: string, json: boolean): Promise<void> {
  const [{ withSession }, { SessionsService }, { AccountsService }, { RightsQueries }] = await Promise.all([
    import('./session.js'),
    import('../auth/sessions.service.js'),
    import('../auth/accounts.service.js'),
    import('../auth/rights.queries.js'),
  ]);
  await withSession(loadConfig(), async ({ transactor, dataSource }) => {
    const service = new SessionsService(transactor, new AccountsService(), new RightsQueries(dataSource));
    const ended = await service.endAllOf(userPrincipalName, operator());
    if (json) return printJson({ ended });
    print(
      ended === 0
        ? 'Nobody of that name is signed in.'
        : `${ended === 1 ? '1 session is' : `${ended} sessions are`} ended.`,
    );
  });
}
