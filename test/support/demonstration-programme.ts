import { FormFactorService } from '../../src/devices/form-factor.service.js';
import { IdentityService } from '../../src/devices/identity.service.js';
import { Transactor } from '../../src/database/transactor.js';
import { DemonstrationTenant } from '../../src/demo/tenant/demonstration-tenant.js';
import { SnapshotService } from '../../src/rollout/burndown/snapshot.service.js';
import { MoveDerivationService } from '../../src/rollout/move-derivation.service.js';
import { readProgrammeHistory } from '../../src/rollout/take-over/history-reading.js';
import type { ProgrammeHistory } from '../../src/rollout/take-over/programme-history.js';
import { TakeOverService, type TakenOver } from '../../src/rollout/take-over/take-over.service.js';
import { createSyncBench, type SyncBench } from './sync-bench.js';

/** The present of the demonstration on its first day, unless it begins on another; the history ends there. */
export const DEMONSTRATION_NOW = new Date('2026-11-02T18:00:00Z');

/** A demonstration whose sources have been read. */
export interface SynchronisedDemonstration extends SyncBench {
  readonly demonstration: DemonstrationTenant;
  readonly history: ProgrammeHistory;
  readonly takeOvers: TakeOverService;
}

/** A demonstration whose programme was taken over. */
export interface DemonstrationProgramme extends SynchronisedDemonstration {
  readonly taken: TakenOver;
}

export interface DemonstrationSize {
  readonly people?: number;
  readonly seed?: number;
  /** The first day (ISO 8601). */
  readonly startDate?: string;
}

/** Reads a small demonstration through the whole synchronisation, tells machines apart and classifies them. Call `close`. */
export async function synchronisedDemonstration({
  people = 300,
  seed = 11,
  ...begin
}: DemonstrationSize = {}): Promise<SynchronisedDemonstration> {
  const demonstration = new DemonstrationTenant({ seed, people, ...begin });
  const history = historyOf(demonstration);
  const bench = await createSyncBench({ tenant: demonstration });
  await bench.runAll();
  const transactor = new Transactor(bench.database.dataSource);
  await new IdentityService(transactor).resolvePending();
  await new FormFactorService(transactor).classifyPending();
  const snapshots = new SnapshotService(bench.database.dataSource, transactor);
  const takeOvers = new TakeOverService(transactor, new MoveDerivationService(), snapshots);
  return Object.assign(bench, { demonstration, history, takeOvers });
}

/** A small demonstration with its programme in the ninth month: nine months of history, and a snapshot of every day. */
export async function demonstrationProgramme(size: DemonstrationSize = {}): Promise<DemonstrationProgramme> {
  const bench = await synchronisedDemonstration(size);
  const now = new Date(bench.demonstration.today);
  const taken = await bench.takeOvers.takeOver(bench.history, 'system:take-over', undefined, now);
  return Object.assign(bench, { taken });
}

/** The story of a demonstration as whoever takes it over reads it: through JSON. */
export function historyOf(demonstration: DemonstrationTenant): ProgrammeHistory {
  const reading = readProgrammeHistory(JSON.parse(JSON.stringify(demonstration.programmeStory())));
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems.slice(0, 20)));
  return reading.history;
}
