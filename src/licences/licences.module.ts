import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/directory.module.js';
import { LicencesExportController } from './api/licences-export.controller.js';
import { LicencesController } from './api/licences.controller.js';
import { LicenceListsController } from './web/licence-lists.controller.js';
import { LicencesQueries } from './licences.queries.js';

/** Products that the tenant subscribes to, and who has them. */
@Module({
  imports: [DirectoryModule],
  controllers: [LicencesController, LicencesExportController, LicenceListsController],
  providers: [LicencesQueries],
  exports: [LicencesQueries],
})
export class LicencesModule {}
