import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../../auth/access.decorator.js';
import { NotFoundError } from '../../common/errors.js';
import type { Page } from '../../common/paging.js';
import { PRESENCES } from '../../database/presence.js';
import { PeopleQueries, type LicenceHolder } from '../../directory/people.queries.js';
import { personMembers } from '../../directory/people.schema.js';
import { Answers, choice, flag, instant, list, orNull, page, record, text, whole } from '../../web/api-schema.js';
import { GuidPipe } from '../../web/path-ids.pipe.js';
import { LicencesQueries, type Licence } from '../licences.queries.js';
import { HoldersParameters, LicencesParameters } from './licences.parameters.js';

const licence = record({
  skuId: text('Id of the product.'),
  productName: text("Microsoft's name of the product, or its part number where Microsoft's list does not have it."),
  partNumber: orNull(text()),
  capabilityStatus: orNull(text('`Enabled`, `Warning`, `Suspended`, `Deleted` or `LockedOut`.')),
  bought: whole('Units bought and in force.'),
  inGrace: whole('Units of a subscription that has run out and still works for a while.'),
  suspended: whole(),
  used: whole(),
  available: whole('Units that can still be given out; never below zero.'),
  heldByLeavers: whole('People whose account is disabled or whom the directory does not show any more.'),
  waste: whole('Units that serve nobody: not given out, or held by leavers.'),
  overAssigned: flag('More units are in use than were bought or are in grace.'),
  ended: flag('The tenant no longer has the product.'),
  presence: choice(PRESENCES),
  changedAt: instant(),
});

const holder = record({
  ...personMembers,
  assignments: list(
    record({
      direct: flag('True when assigned to the person, false when it comes through a group.'),
      groupId: orNull(text()),
      state: orNull(text('`Active`, `ActiveWithError`, `Disabled` or `Error`.')),
      error: orNull(text()),
    }),
  ),
});

@ApiTags('Licences')
@Controller('api/v1/licences')
export class LicencesController {
  constructor(
    private readonly licences: LicencesQueries,
    private readonly people: PeopleQueries,
  ) {}

  @Access('estate:read')
  @Get()
  @Answers({
    summary: 'List licences',
    description: 'All products that the tenant subscribes to and that match, as one page.',
    schema: page(licence),
  })
  list(@Query() { sort, ...filter }: LicencesParameters): Promise<Page<Licence>> {
    return this.licences.list(filter, sort);
  }

  @Access('estate:read')
  @Get(':skuId/holders')
  @Answers({
    summary: 'List the people who have a licence',
    schema: page(holder),
    parameter: { name: 'skuId', schema: { type: 'string', format: 'uuid' }, description: 'Id of the product.' },
  })
  async holders(
    @Param('skuId', GuidPipe) skuId: string,
    @Query() { limit, cursor, sort, ...filter }: HoldersParameters,
  ): Promise<Page<LicenceHolder>> {
    if (!(await this.licences.exists(skuId))) {
      throw new NotFoundError('There is no product with this id. List the products with GET /api/v1/licences.');
    }
    return this.people.licenceHolders(skuId, { limit, cursor }, sort, filter);
  }
}
