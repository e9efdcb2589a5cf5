import { Module } from '@nestjs/common';
import { PeopleExportController } from './api/people-export.controller.js';
import { PeopleController } from './api/people.controller.js';
import { PeopleQueries } from './people.queries.js';

/** People and their line managers. */
@Module({
  controllers: [PeopleController, PeopleExportController],
  providers: [PeopleQueries],
  exports: [PeopleQueries],
})
export class DirectoryModule {}
