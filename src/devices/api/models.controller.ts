import { Body, Controller, Get, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import type { Page } from '../../common/paging.js';
import { Answers, page } from '../../web/api-schema.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { FormFactorOverrides, type OverrideOutcome } from '../form-factor-override.service.js';
import { FormFactorQueries, type ModelView } from '../form-factor.queries.js';
import { modelSchema, overrideOutcomeSchema } from '../form-factor.schema.js';
import { ModelOverrideBody, ModelsParameters, ModelWithdrawalBody } from './form-factor.parameters.js';

@ApiTags('Models')
@Controller('api/v1/models')
export class ModelsController {
  constructor(
    private readonly models: FormFactorQueries,
    private readonly overrides: FormFactorOverrides,
  ) {}

  @Access('estate:read')
  @Get()
  @Answers({
    summary: 'List the models of the estate, those with the most machines first',
    description: 'With `state=unknown` or `state=contradicted` it is the list of models that wait for a decision.',
    schema: page(modelSchema),
  })
  list(@Query() parameters: ModelsParameters): Promise<Page<ModelView>> {
    const { limit, cursor, ...filter } = parameters;
    return this.models.models(filter, { limit, cursor });
  }

  @Access('form-factor:decide', { audit: 'form-factor.model-overridden' })
  @Post('override')
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Decide what every machine of a model is',
    description: 'Holds for all its machines, also later ones. 409 when somebody has decided about the model already.',
    schema: overrideOutcomeSchema,
  })
  override(@Body() body: ModelOverrideBody, @Current() access: CurrentAccess): Promise<OverrideOutcome> {
    return this.overrides.overrideModel(body.manufacturer, body.model, body.class, access.actor, body.reason);
  }

  @Access('form-factor:decide', { audit: 'form-factor.model-override-withdrawn' })
  @Post('override/withdraw')
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Take the decision about a model back', schema: overrideOutcomeSchema })
  withdraw(@Body() body: ModelWithdrawalBody, @Current() access: CurrentAccess): Promise<OverrideOutcome> {
    return this.overrides.withdrawModelOverride(body.manufacturer, body.model, access.actor, body.reason);
  }
}
