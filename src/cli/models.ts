import { Option, type Command } from 'commander';
import { loadConfig } from '../config/config.js';
import { MAXIMUM_LIMIT } from '../common/paging.js';
import { shownNumber } from '../common/shown-number.js';
import { FORM_FACTORS } from '../devices/domain/form-factor/form-factor.js';
import type { FormFactorOverrides, OverrideOutcome } from '../devices/form-factor-override.service.js';
import { MODEL_STATES, type ModelState } from '../devices/domain/form-factor/classification.js';
import { operator, recordId, wholeNumber } from './arguments.js';
import { CommandError, EXIT } from './command-error.js';
import { examples, print, printJson, remark, table } from './output.js';

interface ListOptions {
  readonly state?: ModelState;
  readonly manufacturer?: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: true;
}

interface OverrideOptions {
  readonly reason: string;
  readonly withdraw?: true;
  readonly json?: true;
}

const CLASS_HELP = `what it is: ${FORM_FACTORS.join(', ')}`;

/** Adds `untether models` and `untether devices override`: what kind of machine models and machines are. */
export function addModels(program: Command): void {
  const models = program.command('models').description('List the models of the estate, and decide what they are.');
  models
    .command('list', { isDefault: true })
    .description('List the models with the most machines first.')
    .addOption(
      new Option('--state <state>', 'only models with a machine that is unknown or contradicted, or without').choices(
        MODEL_STATES,
      ),
    )
    .option('--manufacturer <name>', 'only models of this maker')
    .option('--limit <number>', `models to show, ${MAXIMUM_LIMIT} at the most`, wholeNumber(1, MAXIMUM_LIMIT), 50)
    .option('--cursor <text>', '"next" of the list before')
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether models --state unknown', 'untether models --state contradicted --json'))
    .action((options: ListOptions) => list(options));
  withDecision(
    models.command('override').description('Say what every machine of a model is, or take that back.'),
    'untether models override "Acme Ltd" "Desk 9000" desktop --reason "Maker\'s data sheet"',
    'untether models override "Acme Ltd" "Desk 9000" --withdraw --reason "It folds"',
  )
    .argument('<manufacturer>', 'manufacturer as a machine reports it')
    .argument('<model>', 'model as a machine reports it')
    .argument('[class]', CLASS_HELP)
    .action((manufacturer: string, model: string, formFactor: string | undefined, options: OverrideOptions) =>
      decide(
        formFactor,
        options,
        (service, decided) => service.overrideModel(manufacturer, model, decided, operator(), options.reason),
        (service) => service.withdrawModelOverride(manufacturer, model, operator(), options.reason),
      ),
    );
  withDecision(
    program
      .command('devices')
      .description('Decide about single machines.')
      .command('override')
      .description('Say what one machine is, or take that back.'),
    'untether devices override 12 laptop --reason "Looked at it"',
    'untether devices override 12 --withdraw --reason "Wrong machine"',
  )
    .argument('<device>', 'number of the device', recordId)
    .argument('[class]', CLASS_HELP)
    .action((device: number, formFactor: string | undefined, options: OverrideOptions) =>
      decide(
        formFactor,
        options,
        (service, decided) => service.overrideDevice(device, decided, operator(), options.reason),
        (service) => service.withdrawDeviceOverride(device, operator(), options.reason),
      ),
    );
}

function withDecision(command: Command, ...lines: readonly string[]): Command {
  return command
    .requiredOption('--reason <text>', 'why; it is kept with your user name')
    .option('--withdraw', 'take the decision back')
    .option('--json', 'print JSON only')
    .addHelpText('after', examples(...lines));
}

async function list({ state, manufacturer, limit, cursor, json }: ListOptions): Promise<void> {
  const [{ withSession }, { FormFactorQueries }] = await Promise.all([
    import('./session.js'),
    import('../devices/form-factor.queries.js'),
  ]);
  await withSession(loadConfig(), async ({ dataSource }) => {
    const page = await new FormFactorQueries(dataSource).models({ state, manufacturer }, { limit, cursor });
    if (json === true) return printJson({ models: page.items, next: page.next });
    if (page.items.length === 0) return print('There is no such model.');
    print(
      table(
        ['Machines', 'Unknown', 'Contradicted', 'Manufacturer', 'Model', 'Class', 'Rule', 'Example'],
        page.items.map((model) => [
          model.machines,
          model.unknown,
          model.contradicted,
          model.manufacturer,
          model.model,
          model.classes.map(({ formFactor }) => formFactor).join(', '),
          model.rule,
          model.exampleDeviceIds.slice(0, 1).join(''),
        ]),
      ),
    );
    if (page.next !== null) remark(`There are more: add --cursor ${page.next}`);
  });
}

async function decide(
  formFactor: string | undefined,
  options: OverrideOptions,
  override: (service: FormFactorOverrides, formFactor: string) => Promise<OverrideOutcome>,
  withdraw: (service: FormFactorOverrides) => Promise<OverrideOutcome>,
): Promise<void> {
  const isWithdrawal = options.withdraw === true;
  if (isWithdrawal === (formFactor !== undefined)) {
    throw new CommandError(
      'This needs either a class or --withdraw.',
      `Classes: ${FORM_FACTORS.join(', ')}.`,
      EXIT.usage,
    );
  }
  const [{ withSession }, { FormFactorOverrides: Service }, { basisWith }] = await Promise.all([
    import('./session.js'),
    import('../devices/form-factor-override.service.js'),
    import('../devices/form-factor.service.js'),
  ]);
  await withSession(loadConfig(), async ({ config, transactor }) => {
    const service = new Service(transactor, basisWith(config.namingConvention));
    const outcome = formFactor === undefined ? await withdraw(service) : await override(service, formFactor);
    if (options.json === true) return printJson(outcome);
    const about = outcome.devices === 1 ? '1 machine' : `${shownNumber(outcome.devices)} machines`;
    print(
      `${isWithdrawal ? 'Taken back' : 'Decided'} (number ${outcome.overrideId}): it is about ${about}, ` +
        `${shownNumber(outcome.changed)} of them changed.`,
    );
  });
}
