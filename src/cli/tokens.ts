import { Option, type Command } from 'commander';
import type { ApiTokensQueries } from '../auth/api-tokens.queries.js';
import type { ApiTokens, TokenOwner } from '../auth/api-tokens.service.js';
import { PERMISSIONS } from '../auth/permissions.js';
import { loadConfig } from '../config/config.js';
import { operator, recordId, wholeNumber } from './arguments.js';
import { CommandError, EXIT } from './command-error.js';
import { examples, print, printJson, remark, table } from './output.js';

interface CreateOptions {
  readonly name: string;
  readonly service?: string;
  readonly for?: string;
  readonly scopes: readonly string[];
  readonly days: number;
  readonly json?: true;
}

/** Adds `untether tokens`. */
export function addTokens(program: Command): void {
  const tokens = program.command('tokens').description('Keys with which programs use the API.');
  tokens
    .command('list', { isDefault: true })
    .description('List the tokens; the tokens themselves are kept nowhere.')
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether tokens'))
    .action((options: { readonly json?: true }) =>
      withTokens((_tokens, queries) => list(queries, options.json === true)),
    );
  tokens
    .command('create')
    .description('Issue a token to a service or a person; it is printed once, alone on standard output.')
    .requiredOption('--name <text>', 'what it is for')
    .addOption(
      new Option('--service <name>', 'the service that it belongs to, such as nightly-export').conflicts('for'),
    )
    .option('--for <user principal name>', 'the person whom it belongs to; it never does more than they may')
    .requiredOption('--scopes <permissions>', 'what it may do, separated by commas', (value) => value.split(','))
    .option('--days <number>', 'days until it runs out, 1 to 90', wholeNumber(1, 90), 30)
    .option('--json', 'print JSON only')
    .addHelpText(
      'after',
      `${examples('untether tokens create --name "Nightly export" --service nightly-export --scopes estate:read,estate:export')}\n\nPermissions: ${PERMISSIONS.join(', ')}`,
    )
    .action((options: CreateOptions) => withTokens((service) => create(service, options)));
  tokens
    .command('revoke')
    .description('Make a token worthless, at once and for good.')
    .argument('<id>', 'number of the token', recordId)
    .addHelpText('after', examples('untether tokens revoke 3'))
    .action((id: number) =>
      withTokens(async (service) => {
        await service.revoke(id, operator());
        print(`Token ${id} is revoked.`);
      }),
    );
}

async function withTokens(work: (tokens: ApiTokens, queries: ApiTokensQueries) => Promise<void>): Promise<void> {
  const [{ withSession }, { ApiTokens: Tokens }, { ApiTokensQueries: Queries }, { RightsQueries }] = await Promise.all([
    import('./session.js'),
    import('../auth/api-tokens.service.js'),
    import('../auth/api-tokens.queries.js'),
    import('../auth/rights.queries.js'),
  ]);
  await withSession(loadConfig(), ({ transactor, dataSource }) =>
    work(new Tokens(transactor, new RightsQueries(dataSource)), new Queries(dataSource)),
  );
}

async function list(queries: ApiTokensQueries, json: boolean): Promise<void> {
  const tokens = await queries.list();
  if (json) return printJson({ tokens });
  if (tokens.length === 0) return print('There are no tokens.');
  print(
    table(
      ['Token', 'For', 'Begins with', 'Whose', 'May', 'State', 'Runs out', 'Last used'],
      tokens.map((token) => [
        String(token.id),
        token.name,
        token.prefix,
        token.owner.name,
        token.scopes.join(' '),
        token.state,
        token.expiresAt.slice(0, 10),
        token.lastUsedAt?.slice(0, 10) ?? null,
      ]),
    ),
  );
}

async function create(tokens: ApiTokens, options: CreateOptions): Promise<void> {
  const { name, scopes, days } = options;
  const issued = await tokens.issue(
    { actor: operator(), permissions: null },
    { name, owner: ownerOf(options), scopes: scopes.map((scope) => scope.trim()), days },
  );
  if (options.json === true) return printJson(issued);
  remark(`Token ${issued.id} runs out on ${issued.expiresAt.slice(0, 10)}. It is shown this once:`);
  print(issued.secret ?? '');
}

function ownerOf(options: CreateOptions): TokenOwner {
  if (options.service !== undefined) return { service: options.service };
  if (options.for !== undefined) return { person: options.for };
  throw new CommandError('Nobody is named whose token it is.', 'Add --service or --for.', EXIT.usage);
}
