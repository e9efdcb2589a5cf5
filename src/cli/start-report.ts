import { shownNumber } from '../common/shown-number.js';
import { shownTime } from '../common/uk-time.js';
import { SOURCE_NAMES, type SourceName } from '../config/sources.js';
import { isDatabaseDown } from '../database/sqlstate.js';
import type { SyncRun } from '../sync/sync.queries.js';
import { CommandError, EXIT } from './command-error.js';
import { enterDemonstrationNetwork } from './demonstration-network.js';
import { enterDemonstrationRequests } from './demonstration-requests.js';
import { takeOverDemonstration } from './demonstration-programme.js';
import { workOutMachines } from './machines.js';
import { print, shownDuration } from './output.js';
import { createProgressView, type ProgressView } from './progress.js';
import { RunFollower, runState } from './run-follower.js';
import { changedNothing, runSentence, runTable } from './run-text.js';
import type { Session } from './session.js';
import { pause } from './stop-signals.js';

const FIRST_INTERVAL = 500;
const LATER_INTERVAL = 5_000;
/** Failed looks in a row after which an embedded database counts as ended; a server may come back. */
const FAILED_LOOKS = 3;

/** Where things stood before anything was read. */
export interface StartingPoint {
  /** Sources whose first run is to be waited for. */
  readonly waited: Set<SourceName>;
  readonly follower: RunFollower;
}

/** To be taken before the worker starts: a quick one has read a source before anybody asks what there is to read. */
export async function startingPoint(session: Session): Promise<StartingPoint> {
  return { waited: await waitedFor(session), follower: await RunFollower.start(session.sync) };
}

/**
 * Shows the first synchronisation as it happens and sums it up; afterwards tells of every run that did something. Ends
 * when the signal aborts.
 */
export async function followSynchronisation(
  session: Session,
  { waited, follower }: StartingPoint,
  address: string,
  stopped: AbortSignal,
): Promise<void> {
  if (waited.size > 0) await showFirst(session, follower, waited, address, stopped);
  else {
    await tellMachinesApart(session, stopped);
    await takeOverDemonstration(session, stopped);
    await enterDemonstrationNetwork(session, stopped);
    await enterDemonstrationRequests(session, stopped);
    await tellAge(session);
  }
  let failed = 0;
  while (!stopped.aborted) {
    await pause(LATER_INTERVAL, stopped);
    try {
      const { finished } = await follower.look();
      failed = 0;
      for (const run of finished) {
        if (changedNothing(run)) continue;
        print(`${shownTime(run.finishedAt, new Date())?.text}  ${run.source}: ${runSentence(run)}`);
      }
    } catch (error) {
      if (!isDatabaseDown(error)) throw error;
      failed++;
      if (session.config.databaseUrl === null && failed >= FAILED_LOOKS && !stopped.aborted) {
        throw new CommandError('The embedded database has ended.', 'Start Untether again.', EXIT.unexpected);
      }
    }
  }
}

/** Sources that have never been read and that the worker reads as soon as it is up. */
async function waitedFor(session: Session): Promise<Set<SourceName>> {
  const sources = await session.sources.all();
  return new Set(
    sources.filter(({ lastSuccessAt, pausedAt }) => lastSuccessAt === null && pausedAt === null).map((s) => s.source),
  );
}

async function showFirst(
  session: Session,
  follower: RunFollower,
  waited: Set<SourceName>,
  address: string,
  stopped: AbortSignal,
): Promise<void> {
  print('Reading everything for the first time:');
  const ended: SyncRun[] = [];
  const view = createProgressView(false);
  try {
    while (waited.size > 0 && !stopped.aborted) {
      await look(follower, view, waited, ended);
      await pause(FIRST_INTERVAL, stopped);
    }
  } finally {
    view.close();
  }
  print('Telling machines apart: which records are of one and the same, and what each of them is.');
  await tellMachinesApart(session, stopped);
  await takeOverDemonstration(session, stopped);
  await enterDemonstrationNetwork(session, stopped);
  await enterDemonstrationRequests(session, stopped);
  if (!stopped.aborted) await summarise(session, ended, address);
}

/**
 * The records of a run are there when it ends; which of them are one machine and what it is are found out a little
 * later, or were not when a process was killed in between. Whoever asks first does it.
 */
async function tellMachinesApart(session: Session, stopped: AbortSignal): Promise<void> {
  try {
    await workOutMachines(session, stopped);
  } catch (error) {
    if (!stopped.aborted) throw error;
  }
}

async function look(
  follower: RunFollower,
  view: ProgressView,
  waited: Set<SourceName>,
  ended: SyncRun[],
): Promise<void> {
  const { running, finished } = await follower.look();
  for (const run of running) view.update(runState(run));
  for (const run of finished) {
    view.finish(run.source, runSentence(run));
    // A run of a process that was killed earlier is closed by the one that takes its place, which is the one to wait for.
    if (run.status !== 'abandoned' && waited.delete(run.source)) ended.push(run);
  }
}

async function summarise(session: Session, runs: readonly SyncRun[], address: string): Promise<void> {
  const { people, devices, licences } = await session.sync.totals();
  const began = Math.min(...runs.map((run) => Date.parse(run.startedAt)));
  const ended = Math.max(...runs.map((run) => Date.parse(run.finishedAt ?? run.startedAt)));
  const ordered = runs.toSorted((a, b) => SOURCE_NAMES.indexOf(a.source) - SOURCE_NAMES.indexOf(b.source));
  print(`\n${runTable(ordered.map((run) => ({ run })))}`);
  print(
    `\n${shownNumber(people)} people, ${shownNumber(devices)} devices and ${shownNumber(licences)} licence products, ` +
      `read in ${shownDuration(ended - began)}.`,
  );
  const left = runs.filter((run) => run.status !== 'succeeded').map((run) => run.source);
  if (left.length > 0) print(`Not everything went through (${left.join(', ')}): "untether status" says what to do.`);
  if (session.config.tenant.kind === 'demonstration') await giveExample(session);
  print(`\nThe status page is ${address}. Everything is kept in step from now on; Ctrl+C stops it.`);
}

/** Names one person with two machines: only ever somebody who does not exist. */
async function giveExample(session: Session): Promise<void> {
  const [example] = await session.dataSource.query<{ person: string; devices: string[] }[]>(
    `select person.display_name || coalesce(', ' || person.department, '') as person,
            array_agg(concat_ws(' ', device.name, '(' || case when starts_with(lower(device.model), lower(device.manufacturer)) then device.model
                        else concat_ws(' ', device.manufacturer, device.model) end || ')')
                      order by device.name) as devices
     from person join device on device.user_entra_id = person.entra_id
     where person.presence = 'present' and person.account_enabled and person.department is not null
       and device.presence = 'present' and device.merged_into_id is null
     group by person.id having count(*) = 2 order by person.display_name limit 1`,
  );
  if (example !== undefined) {
    print(
      `Who has what, for example (made up like all of this tenant): ${example.person} has ${example.devices.join(' and ')}.`,
    );
  }
}

async function tellAge(session: Session): Promise<void> {
  const sources = await session.sources.all();
  const oldest = sources
    .filter((source) => source.lastSuccessAt !== null)
    .toSorted((a, b) => (a.lastSuccessAt ?? '').localeCompare(b.lastSuccessAt ?? ''))[0];
  if (oldest === undefined) return;
  const age = shownTime(oldest.lastSuccessAt, new Date())?.age;
  print(
    `The data is here already: the oldest source, ${oldest.source}, was read ${age}. It is kept in step; Ctrl+C stops it.`,
  );
}
