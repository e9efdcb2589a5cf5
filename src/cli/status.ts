import type { Command } from 'commander';
import { loadConfig } from '../config/config.js';
import { shownNumber } from '../common/shown-number.js';
import { shownTime } from '../common/uk-time.js';
import type { SourceState, SourceStatus } from '../sync/source-status.js';
import { examples, print, printJson, table } from './output.js';

const WORDS: Readonly<Record<SourceState, string>> = {
  off: 'switched off by its schedule',
  paused: 'paused',
  running: 'running',
  'not-allowed': 'left out: permission or licence missing',
  held: 'waits for a person',
  failed: 'last run failed',
  never: 'not read yet',
  late: 'late',
  current: 'up to date',
};

/** Adds `untether status`. */
export function addStatus(program: Command): void {
  program
    .command('status')
    .description('Say how old the data of each source is, what runs next and what waits for a person.')
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether status', 'untether status --json'))
    .action((options: { readonly json?: true }) => status(options.json === true));
}

async function status(json: boolean): Promise<void> {
  const { withSession } = await import('./session.js');
  await withSession(loadConfig(), async ({ sources, sync }) => {
    const now = new Date();
    const [all, totals] = [await sources.all(now), await sync.totals()];
    if (json) return printJson({ totals, sources: all });
    print(
      `${shownNumber(totals.people)} people, ${shownNumber(totals.devices)} devices and ` +
        `${shownNumber(totals.licences)} licence products are known to be there.\n`,
    );
    print(
      table(
        ['Source', 'State', 'Rows', 'Last success', 'Last run', 'Next run'],
        all.map((source) => [
          source.source,
          WORDS[source.state],
          source.rowsPresent,
          shownTime(source.lastSuccessAt, now)?.age ?? 'never',
          source.lastRun === null ? null : `${source.lastRun.status} (${source.lastRun.kind})`,
          shownTime(source.nextDueAt, now)?.age ?? null,
        ]),
      ),
    );
    const notes = all.flatMap((source) => explain(source));
    if (notes.length > 0) print(`\n${notes.join('\n')}`);
  });
}

/** What a person has to know or to do about a source. */
function explain({ source, hold, pausedAt, pauseReason, lastRun }: SourceStatus): string[] {
  return [
    ...(hold === null ? [] : [`${source}: ${hold.reason} See "untether held show ${hold.id}".`]),
    ...(pausedAt === null
      ? []
      : [`${source}: paused. ${pauseReason ?? ''} "untether resume ${source}" lets it go on.`]),
    ...(lastRun === null || lastRun.errorMessage === null
      ? []
      : [`${source}: ${lastRun.errorMessage} ${lastRun.errorFix ?? ''}`]),
  ];
}
