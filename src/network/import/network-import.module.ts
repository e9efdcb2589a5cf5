import { Module } from '@nestjs/common';
import { DirectoryModule } from '../../directory/directory.module.js';
import { NetworkImportsController } from './api/network-imports.controller.js';
import { NetworkImportApplication } from './network-import-application.service.js';
import { NetworkImportComparison } from './network-import-comparison.service.js';
import { NetworkImportReading } from './network-import-reading.service.js';
import { NetworkImportQueries } from './network-import.queries.js';
import { NetworkImportService } from './network-import.service.js';
import { NetworkImportPagesController } from './web/network-import-pages.controller.js';

/** Imports of what is known of networks: pages and API. */
@Module({
  imports: [DirectoryModule],
  controllers: [NetworkImportsController, NetworkImportPagesController],
  providers: [
    NetworkImportQueries,
    NetworkImportReading,
    NetworkImportComparison,
    NetworkImportApplication,
    NetworkImportService,
  ],
})
export class NetworkImportModule {}
