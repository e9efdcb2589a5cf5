import type { Command } from 'commander';
import { loadConfig } from '../config/config.js';
import { shownNumber } from '../common/shown-number.js';
import { MAXIMUM_LIMIT } from '../common/paging.js';
import type { IdentityQueries, ReviewView } from '../devices/identity.queries.js';
import type { DecisionOutcome, ReviewService } from '../devices/review.service.js';
import { operator, recordId } from './arguments.js';
import { CommandError, EXIT } from './command-error.js';
import { examples, print, printJson, table } from './output.js';

interface Options {
  readonly json?: true;
}
interface ReasonOptions extends Options {
  readonly reason: string;
}

/** Adds what people decide about which records are one machine: `reviews`, `merge`, `split`, `undo` and `resolve`. */
export function addIdentity(program: Command): void {
  addReviews(program);
  withReason(program.command('merge'), 'Say that devices are one machine; it keeps the lowest number.')
    .argument('<device...>', 'numbers of the devices', addRecordId)
    .addHelpText('after', examples('untether merge 12 340 --reason "Same asset tag on both"'))
    .action((devices: readonly number[], options: ReasonOptions) =>
      decide(options, (service) => service.merge(devices, operator(), options.reason)),
    );
  withReason(program.command('split'), 'Say that records of a device are another machine than its other records.')
    .argument('<device>', 'number of the device', recordId)
    .argument('<record...>', 'numbers of the records to take off it', addRecordId)
    .addHelpText('after', examples('untether split 12 4711 --reason "Mainboard went into another case"'))
    .action((device: number, records: readonly number[], options: ReasonOptions) =>
      decide(options, (service) => service.split(device, records, operator(), options.reason)),
    );
  withReason(program.command('undo'), 'Take a merge, a split or the answer to a review back.')
    .argument('<decision>', 'number of the decision', recordId)
    .addHelpText('after', examples('untether undo 7 --reason "Wrong machine"'))
    .action((decision: number, options: ReasonOptions) =>
      decide(options, (service) => service.undo(decision, operator(), options.reason)),
    );
  program
    .command('resolve')
    .description(
      'Find out now which records that are waiting describe which machine, and what kind of machine it is; every sync ' +
        'does so by itself.',
    )
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether resolve'))
    .action((options: Options) => resolve(options.json === true));
}

function addReviews(program: Command): void {
  const reviews = program
    .command('reviews')
    .description('List the questions about which records are one machine, and answer them.');
  reviews
    .command('list', { isDefault: true })
    .description('List the open questions.')
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether reviews'))
    .action((options: Options) => list(options.json === true));
  reviews
    .command('show')
    .description('Show one question with its evidence.')
    .argument('<id>', 'number of the review', recordId)
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether reviews show 5'))
    .action((id: number, options: Options) => show(id, options.json === true));
  withReason(reviews.command('settle'), 'Answer one question: its machines are all the same, or all different.')
    .argument('<id>', 'number of the review', recordId)
    .argument('<answer>', '"same" or "different"')
    .addHelpText('after', examples('untether reviews settle 5 same --reason "Checked the label"'))
    .action((id: number, answer: string, options: ReasonOptions) => {
      if (answer !== 'same' && answer !== 'different') {
        throw new CommandError(`"${answer}" is no answer.`, 'Say "same" or "different".', EXIT.usage);
      }
      return decide(options, (service) => service.settle(id, answer, operator(), options.reason));
    });
}

function withReason(command: Command, description: string): Command {
  return command
    .description(description)
    .requiredOption('--reason <text>', 'why; it is kept with your user name')
    .option('--json', 'print JSON only');
}

function addRecordId(value: string, before: readonly number[] | undefined): readonly number[] {
  return [...(before ?? []), recordId(value)];
}

async function decide(options: Options, act: (service: ReviewService) => Promise<DecisionOutcome>): Promise<void> {
  const [{ withSession }, { ReviewService }] = await Promise.all([
    import('./session.js'),
    import('../devices/review.service.js'),
  ]);
  await withSession(loadConfig(), async ({ transactor }) => {
    const outcome = await act(new ReviewService(transactor));
    if (options.json === true) return printJson(outcome);
    const machines = outcome.deviceIds.length === 1 ? 'machine is' : 'machines are';
    print(
      `Decision ${outcome.decisionId}: the ${machines} now ${outcome.deviceIds.join(', ')}. ` +
        `"untether undo ${outcome.decisionId}" takes it back.`,
    );
  });
}

async function withQueries(work: (queries: IdentityQueries) => Promise<void>): Promise<void> {
  const [{ withSession }, { IdentityQueries: Queries }] = await Promise.all([
    import('./session.js'),
    import('../devices/identity.queries.js'),
  ]);
  await withSession(loadConfig(), ({ dataSource }) => work(new Queries(dataSource)));
}

async function list(json: boolean): Promise<void> {
  await withQueries(async (queries) => {
    const { items, next } = await queries.openReviews({ limit: MAXIMUM_LIMIT });
    if (json) return printJson({ reviews: items });
    if (items.length === 0) return print('No question is open.');
    print(
      table(
        ['Review', 'Question', 'They share', 'Devices'],
        items.map((review) => [String(review.id), question(review), shared(review), devices(review)]),
      ),
    );
    if (next !== null) print(`These are the first ${MAXIMUM_LIMIT}.`);
  });
}

async function show(id: number, json: boolean): Promise<void> {
  await withQueries(async (queries) => {
    const review = await queries.review(id);
    if (json) return printJson(review);
    print(`Review ${review.id}, ${review.state}: ${question(review)}. They share ${shared(review)}.\n`);
    print(
      table(
        ['Device', 'Record', 'Source', 'Name', 'Serial number', 'Model', 'Last seen'],
        review.machines.flatMap((machine) =>
          machine.records.map((record) => [
            machine.deviceId === null ? null : String(machine.deviceId),
            String(record.id),
            record.source,
            record.name,
            record.serialNumber,
            [record.manufacturer, record.model].filter(Boolean).join(' '),
            record.lastSeenAt?.slice(0, 10) ?? null,
          ]),
        ),
      ),
    );
  });
}

const QUESTIONS: Readonly<Record<ReviewView['kind'], string>> = {
  same_serial: 'two machines with one serial number?',
  re_enrolled: 'one machine that was enrolled again?',
  conflicting_identity: 'identifiers that contradict each other',
};

function question(review: ReviewView): string {
  return QUESTIONS[review.kind];
}

function shared(review: ReviewView): string {
  return `${review.shared.key} ${review.shared.value}`;
}

function devices(review: ReviewView): string {
  return review.machines.map((machine) => machine.deviceId ?? 'none').join(', ');
}

async function resolve(json: boolean): Promise<void> {
  const [{ withSession }, { workOutMachines }] = await Promise.all([import('./session.js'), import('./machines.js')]);
  await withSession(loadConfig(), async (session) => {
    const { resolution: summary, classification: formFactors } = await workOutMachines(session);
    if (json) return printJson({ ...summary, formFactors });
    if (summary.records === 0) print('No record is waiting.');
    else {
      print(
        `${shownNumber(summary.records)} records looked at: ${shownNumber(summary.created)} devices new, ` +
          `${shownNumber(summary.linked)} records put to a device, ${shownNumber(summary.moved)} moved, ` +
          `${shownNumber(summary.reviews)} questions for a person.`,
      );
    }
    if (formFactors.written > 0) {
      print(
        `${shownNumber(formFactors.written)} machines classified, ${shownNumber(formFactors.changed)} of them differently.`,
      );
    }
  });
}
