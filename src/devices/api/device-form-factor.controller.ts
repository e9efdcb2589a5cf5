import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, recordId } from '../../web/api-schema.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { FormFactorOverrides, type OverrideOutcome } from '../form-factor-override.service.js';
import { overrideOutcomeSchema } from '../form-factor.schema.js';
import { LOCAL_ACTOR } from '../import/api/local-actor.js';
import { SameSiteGuard } from '../import/api/same-site.guard.js';
import { DeviceOverrideBody } from './form-factor.parameters.js';
import { ReasonBody } from '../../web/reason.parameters.js';

@ApiTags('Devices')
@Controller('api/v1/devices/:id/form-factor')
@UseGuards(SameSiteGuard, NoParametersGuard)
export class DeviceFormFactorController {
  constructor(private readonly overrides: FormFactorOverrides) {}

  @Post()
  @HttpCode(200)
  @Answers({
    summary: 'Decide what a device is',
    description: 'Outranks the model and the catalogue. 409 when somebody has decided about the device already.',
    schema: overrideOutcomeSchema,
    parameter: recordId('device'),
  })
  override(@Param('id', RecordIdPipe) id: number, @Body() body: DeviceOverrideBody): Promise<OverrideOutcome> {
    return this.overrides.overrideDevice(id, body.class, LOCAL_ACTOR, body.reason);
  }

  @Post('withdraw')
  @HttpCode(200)
  @Answers({
    summary: 'Take the decision about a device back',
    schema: overrideOutcomeSchema,
    parameter: recordId('device'),
  })
  withdraw(@Param('id', RecordIdPipe) id: number, @Body() body: ReasonBody): Promise<OverrideOutcome> {
    return this.overrides.withdrawDeviceOverride(id, LOCAL_ACTOR, body.reason);
  }
}
