import { Controller, Get, Param, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../../auth/access.decorator.js';
import { NotFoundError } from '../../common/errors.js';
import { deviceMembers } from '../../devices/devices.schema.js';
import { personMembers } from '../../directory/people.schema.js';
import { Answers, flag, instant, list, orNull, record, recordId, text, whole } from '../../web/api-schema.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { WholePersonQueries, type WholePerson } from '../whole-person.queries.js';

const wholePerson = record({
  ...personMembers,
  givenName: orNull(text()),
  surname: orNull(text()),
  companyName: orNull(text()),
  city: orNull(text()),
  country: orNull(text()),
  usageLocation: orNull(text('Two-letter country code that decides which services may be licensed.')),
  employeeId: orNull(text()),
  employeeType: orNull(text()),
  division: orNull(text()),
  costCentre: orNull(text()),
  employeeHiredAt: orNull(instant()),
  createdInEntraAt: orNull(instant()),
  absentSince: orNull(instant('Since when no complete read has shown the person.')),
  firstSeenAt: instant(),
  changedAt: instant('When a value of the person last changed.'),
  manager: orNull(record({ id: whole(), displayName: orNull(text()) })),
  directReports: whole(),
  asOf: orNull(instant('When the people were last read successfully.')),
  devices: list(record(deviceMembers), 'Machines that the person is the primary user of.'),
  licences: list(
    record({
      skuId: text('Id of the product.'),
      productName: text(),
      direct: flag('True when assigned to the person, false when it comes through a group.'),
      groupId: orNull(text()),
      state: orNull(text()),
      error: orNull(text()),
    }),
  ),
});

@ApiTags('People')
@Controller('api/v1/people')
export class WholePersonController {
  constructor(private readonly people: WholePersonQueries) {}

  @Access('estate:read', { own: 'person' })
  @Get(':id')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show a person, their devices and their licences',
    schema: wholePerson,
    parameter: recordId('person'),
  })
  async one(@Param('id', RecordIdPipe) id: number): Promise<WholePerson> {
    const person = await this.people.one(id);
    if (!person) throw new NotFoundError('There is no person with this id. Search for them with GET /api/v1/people.');
    return person;
  }
}
