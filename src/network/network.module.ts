import { Module } from '@nestjs/common';
import { CallQualityModule } from './call-quality/call-quality.module.js';
import { ConnectionCheckModule } from './connection-check/connection-check.module.js';
import { HomeFactsQueries } from './home-facts.queries.js';
import { NetworkReadinessQueries } from './network-readiness.queries.js';
import { NetworkSettingsQueries } from './settings/network-settings.queries.js';
import { SiteFactsQueries } from './site-facts.queries.js';
import { SiteTrendsQueries } from './site-trends.queries.js';

/** What is known of networks: sites, measurements, verdicts. For any process. */
@Module({
  imports: [CallQualityModule, ConnectionCheckModule],
  providers: [HomeFactsQueries, SiteFactsQueries, SiteTrendsQueries, NetworkSettingsQueries, NetworkReadinessQueries],
  exports: [
    CallQualityModule,
    ConnectionCheckModule,
    NetworkSettingsQueries,
    NetworkReadinessQueries,
    SiteTrendsQueries,
  ],
})
export class NetworkModule {}
