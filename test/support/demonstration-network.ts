import { enterNetworks } from '../../src/cli/network-entry.js';
import { Transactor } from '../../src/database/transactor.js';
import type { NetworkStory } from '../../src/demo/tenant/network-records.js';
import { FactCollectionService } from '../../src/rollout/fact-collection.service.js';
import { MoveDerivationService } from '../../src/rollout/move-derivation.service.js';
import {
  demonstrationProgramme,
  type DemonstrationProgramme,
  type DemonstrationSize,
} from './demonstration-programme.js';

/** A demonstration with its programme and its networks. */
export interface DemonstrationNetwork extends DemonstrationProgramme {
  readonly networks: NetworkStory;
}

const DAY = 86_400_000;

/**
 * A small demonstration that began yesterday, as a fresh one does: what was measured is as old as it is there. Facts of
 * the programme are collected once, which proposes how people work.
 */
export async function demonstrationNetwork(size: DemonstrationSize = {}): Promise<DemonstrationNetwork> {
  const startDate = new Date(Date.now() - DAY).toISOString().slice(0, 10);
  const bench = await demonstrationProgramme({ startDate, ...size });
  const networks = bench.demonstration.networkStory();
  const { dataSource } = bench.database;
  await enterNetworks(dataSource, networks, () => undefined);
  await new FactCollectionService(new Transactor(dataSource), new MoveDerivationService()).collect();
  return Object.assign(bench, { networks });
}
