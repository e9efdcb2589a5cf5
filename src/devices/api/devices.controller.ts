import { Controller, Get, Param, Query, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../../auth/access.decorator.js';
import { NotFoundError } from '../../common/errors.js';
import type { Page } from '../../common/paging.js';
import { Answers, page, record, recordId } from '../../web/api-schema.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { DevicesQueries, type DeviceDetail, type DeviceSummary } from '../devices.queries.js';
import { IdentityQueries } from '../identity.queries.js';
import { DevicesParameters } from './devices.parameters.js';
import { deviceDetailMembers, deviceMembers } from '../devices.schema.js';

@ApiTags('Devices')
@Controller('api/v1/devices')
export class DevicesController {
  constructor(
    private readonly devices: DevicesQueries,
    private readonly identity: IdentityQueries,
  ) {}

  @Access('estate:read')
  @Get()
  @Answers({ summary: 'List devices', schema: page(record(deviceMembers)) })
  list(@Query() parameters: DevicesParameters): Promise<Page<DeviceSummary>> {
    const { limit, cursor, sort, ...filter } = parameters;
    return this.devices.list(filter, { limit, cursor }, sort);
  }

  @Access('estate:read', { own: 'device' })
  @Get(':id')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show a device and what each source says of it',
    description: '404 for a device that was merged into another; the answer names it.',
    schema: record(deviceDetailMembers),
    parameter: recordId('device'),
  })
  async one(@Param('id', RecordIdPipe) id: number): Promise<DeviceDetail> {
    const device = await this.devices.one(id);
    if (device) return device;
    await this.identity.checkCurrent(id);
    throw new NotFoundError(`There is no device ${id}. Search for it with GET /api/v1/devices.`);
  }
}
