import { Module } from '@nestjs/common';
import { PeopleController } from './api/people.controller.js';
import { PeopleQueries } from './people.queries.js';

/** People and their line managers. */
@Module({ controllers: [PeopleController], providers: [PeopleQueries], exports: [PeopleQueries] })
export class DirectoryModule {}
