import { enterNetworks } from '../../src/cli/network-entry.js';
import type { NetworkStory } from '../../src/demo/tenant/network-records.js';
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

/** A small demonstration that began yesterday, as a fresh one does: what was measured is as old as it is there. */
export async function demonstrationNetwork(size: DemonstrationSize = {}): Promise<DemonstrationNetwork> {
  const startDate = new Date(Date.now() - DAY).toISOString().slice(0, 10);
  const bench = await demonstrationProgramme({ startDate, ...size });
  const networks = bench.demonstration.networkStory();
  await enterNetworks(bench.database.dataSource, networks, () => undefined);
  return Object.assign(bench, { networks });
}
