import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { Answers, recordId } from '../../web/api-schema.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { FormFactorOverrides, type OverrideOutcome } from '../form-factor-override.service.js';
import { overrideOutcomeSchema } from '../form-factor.schema.js';
import { DeviceOverrideBody } from './form-factor.parameters.js';
import { ReasonBody } from '../../web/reason.parameters.js';

@ApiTags('Devices')
@Controller('api/v1/devices/:id/form-factor')
@UseGuards(NoParametersGuard)
export class DeviceFormFactorController {
  constructor(private readonly overrides: FormFactorOverrides) {}

  @Access('form-factor:decide', { audit: 'form-factor.device-overridden' })
  @Post()
  @HttpCode(200)
  @Answers({
    summary: 'Decide what a device is',
    description: 'Outranks the model and the catalogue. 409 when somebody has decided about the device already.',
    schema: overrideOutcomeSchema,
    parameter: recordId('device'),
  })
  override(
    @Param('id', RecordIdPipe) id: number,
    @Body() body: DeviceOverrideBody,
    @Current() access: CurrentAccess,
  ): Promise<OverrideOutcome> {
    return this.overrides.overrideDevice(id, body.class, access.actor, body.reason);
  }

  @Access('form-factor:decide', { audit: 'form-factor.device-override-withdrawn' })
  @Post('withdraw')
  @HttpCode(200)
  @Answers({
    summary: 'Take the decision about a device back',
    schema: overrideOutcomeSchema,
    parameter: recordId('device'),
  })
  withdraw(
    @Param('id', RecordIdPipe) id: number,
    @Body() body: ReasonBody,
    @Current() access: CurrentAccess,
  ): Promise<OverrideOutcome> {
    return this.overrides.withdrawDeviceOverride(id, access.actor, body.reason);
  }
}
