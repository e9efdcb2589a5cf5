import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/directory.module.js';
import { LicencesModule } from '../licences/licences.module.js';
import { LeaversController } from './api/leavers.controller.js';
import { LeaversQueries } from './leavers.queries.js';
import { PeopleListsController } from './web/people-lists.controller.js';

/** Lists for which several modules are asked. */
@Module({
  imports: [DirectoryModule, LicencesModule],
  controllers: [LeaversController, PeopleListsController],
  providers: [LeaversQueries],
})
export class ReportListsModule {}
