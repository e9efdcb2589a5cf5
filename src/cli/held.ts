import type { Command } from 'commander';
import { loadConfig } from '../config/config.js';
import { NotFoundError } from '../common/errors.js';
import { shownTime } from '../common/uk-time.js';
import type { SyncHoldDetail } from '../sync/sync.queries.js';
import { confirm, operator, recordId } from './arguments.js';
import { CommandError, EXIT } from './command-error.js';
import { examples, print, printJson, remark, table } from './output.js';
import type { Session } from './session.js';

/** Records of a hold that are shown unless JSON is asked for. */
const ITEMS_SHOWN = 20;

interface ReleaseOptions {
  readonly reason: string;
  readonly yes?: true;
  readonly json?: true;
}

/** Adds `untether held list`, `show` and `release`. */
export function addHeld(program: Command): void {
  const held = program.command('held').description('Look at removals that are held, and release them.');
  held
    .command('list', { isDefault: true })
    .description('List what is held, one for each source at the most.')
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether held list'))
    .action((options: { readonly json?: true }) => list(options.json === true));
  held
    .command('show')
    .description('Show one hold with its records.')
    .argument('<id>', 'number of the hold', recordId)
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether held show 3'))
    .action((id: number, options: { readonly json?: true }) => show(id, options.json === true));
  held
    .command('release')
    .description('Show one hold and let its removals through, once and for this list only.')
    .argument('<id>', 'number of the hold', recordId)
    .requiredOption('--reason <text>', 'why this is right; it is kept with your user name')
    .option('--yes', 'do not ask for confirmation')
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether held release 3 --reason "Library PCs were retired, ticket 4711"'))
    .action((id: number, options: ReleaseOptions) => release(id, options));
}

async function list(json: boolean): Promise<void> {
  const { withSession } = await import('./session.js');
  await withSession(loadConfig(), async ({ sync }) => {
    const holds = await sync.openHolds();
    if (json) return printJson({ holds });
    if (holds.length === 0) return print('Nothing is held.');
    const now = new Date();
    print(
      table(
        ['Hold', 'Source', 'What', 'Records', 'Since', 'Reason'],
        holds.map((hold) => [
          String(hold.id),
          hold.source,
          hold.kind === 'removals' ? 'removals' : 'the whole read',
          hold.records,
          shownTime(hold.openedAt, now)?.age ?? null,
          hold.reason,
        ]),
      ),
    );
  });
}

async function show(id: number, json: boolean): Promise<void> {
  const { withSession } = await import('./session.js');
  await withSession(loadConfig(), async (session) => {
    const hold = await find(session, id);
    if (json) printJson(hold);
    else describe(hold, print);
  });
}

async function release(id: number, options: ReleaseOptions): Promise<void> {
  const [{ withSession }, { HoldService }] = await Promise.all([
    import('./session.js'),
    import('../sync/hold.service.js'),
  ]);
  await withSession(loadConfig(), async (session) => {
    const hold = await find(session, id);
    if (options.json !== true) describe(hold, remark);
    if (options.yes !== true && !(await confirm(`Release hold ${id} of ${hold.source}?`))) {
      throw new CommandError('Not released.', 'The hold stays as it is.', EXIT.refused);
    }
    const released = await new HoldService(session.transactor).release(id, operator(), options.reason);
    if (options.json === true) return printJson(released);
    print(
      hold.kind === 'removals'
        ? `Released: ${released.removed} records were marked as missing or gone.`
        : `Released: the next run of ${hold.source} within 24 hours takes everything in.`,
    );
  });
}

async function find(session: Session, id: number): Promise<SyncHoldDetail> {
  const hold = await session.sync.hold(id);
  if (hold !== null) return hold;
  throw new NotFoundError(`There is no hold ${id}. List them with "untether held list".`);
}

function describe(hold: SyncHoldDetail, write: (text: string) => void): void {
  write(`Hold ${hold.id} of ${hold.source}, ${hold.state}, since ${shownTime(hold.openedAt, new Date())?.text}`);
  write(hold.reason);
  if (hold.closeReason !== null) write(`Closed: ${hold.closeReason}`);
  const shown = hold.items.slice(0, ITEMS_SHOWN);
  if (shown.length > 0) {
    write(
      `\n${table(
        ['Name', 'Id in the source', 'How it left'],
        shown.map((item) => [item.name, item.externalId, item.removal]),
      )}`,
    );
  }
  if (hold.records > shown.length) write(`and ${hold.records - shown.length} more; --json shows up to 1,000 of them.`);
}
