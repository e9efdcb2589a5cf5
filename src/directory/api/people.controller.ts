import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../../auth/access.decorator.js';
import type { Page } from '../../common/paging.js';
import { Answers, page, record } from '../../web/api-schema.js';
import { PeopleQueries, type PersonSummary } from '../people.queries.js';
import { PeopleParameters } from './people.parameters.js';
import { personMembers } from '../people.schema.js';

@ApiTags('People')
@Controller('api/v1/people')
export class PeopleController {
  constructor(private readonly people: PeopleQueries) {}

  @Access('estate:read')
  @Get()
  @Answers({ summary: 'List people', schema: page(record(personMembers)) })
  list(@Query() parameters: PeopleParameters): Promise<Page<PersonSummary>> {
    const { limit, cursor, sort, ...filter } = parameters;
    return this.people.list(filter, { limit, cursor }, sort);
  }
}
