import { Module } from '@nestjs/common';
import { NetworkModule } from '../../network/network.module.js';
import { NetworkEvidenceQueries } from './network-evidence.queries.js';
import { NetworkFixesQueries } from './network-fixes.queries.js';
import { NetworkOverviewQueries } from './network-overview.queries.js';
import { NetworkStandingQueries } from './network-standing.queries.js';
import { WaveNetworksQueries } from './wave-networks.queries.js';

const OPEN = [
  NetworkEvidenceQueries,
  NetworkFixesQueries,
  NetworkOverviewQueries,
  NetworkStandingQueries,
  WaveNetworksQueries,
];

/** Which networks carry whose move, and what each thing that is put right lets move. For any process. */
@Module({ imports: [NetworkModule], providers: OPEN, exports: OPEN })
export class RolloutNetworkModule {}
