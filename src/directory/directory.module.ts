import { Module } from '@nestjs/common';
import { ActorNamesQueries } from './actor-names.queries.js';
import { PeopleExportController } from './api/people-export.controller.js';
import { PeopleController } from './api/people.controller.js';
import { NamedPeopleQueries } from './named-people.queries.js';
import { PeopleQueries } from './people.queries.js';

/** People and their line managers. */
@Module({
  controllers: [PeopleController, PeopleExportController],
  providers: [PeopleQueries, NamedPeopleQueries, ActorNamesQueries],
  exports: [PeopleQueries, NamedPeopleQueries, ActorNamesQueries],
})
export class DirectoryModule {}
