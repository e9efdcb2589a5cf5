import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { LicencesModule } from '../licences/licences.module.js';
import { AuditController } from './api/audit.controller.js';
import { LeaversController } from './api/leavers.controller.js';
import { LeaversQueries } from './leavers.queries.js';
import { AuditListController } from './web/audit-list.controller.js';
import { PeopleListsController } from './web/people-lists.controller.js';

/** Lists for which several modules are asked. */
@Module({
  imports: [AuditModule, DirectoryModule, LicencesModule],
  controllers: [AuditController, AuditListController, LeaversController, PeopleListsController],
  providers: [LeaversQueries],
})
export class ReportListsModule {}
