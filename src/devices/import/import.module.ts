import { Module } from '@nestjs/common';
import { ImportMappingsController } from './api/import-mappings.controller.js';
import { ImportsController } from './api/imports.controller.js';
import { SearchIndexService } from '../search-index.service.js';
import { ImportApplication } from './import-application.service.js';
import { ImportComparison } from './import-comparison.service.js';
import { ImportMappings } from './import-mappings.service.js';
import { ImportReading } from './import-reading.service.js';
import { ImportQueries } from './import.queries.js';
import { ImportService } from './import.service.js';

/** Imports of what people know of machines and Microsoft Graph does not. */
@Module({
  controllers: [ImportsController, ImportMappingsController],
  providers: [
    SearchIndexService,
    ImportService,
    ImportQueries,
    ImportMappings,
    ImportReading,
    ImportComparison,
    ImportApplication,
  ],
  exports: [ImportService, ImportQueries, ImportMappings],
})
export class ImportModule {}
