import { Body, Controller, Get, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Page } from '../../common/paging.js';
import { Answers, page } from '../../web/api-schema.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { FormFactorOverrides, type OverrideOutcome } from '../form-factor-override.service.js';
import { FormFactorQueries, type ModelView } from '../form-factor.queries.js';
import { modelSchema, overrideOutcomeSchema } from '../form-factor.schema.js';
import { LOCAL_ACTOR } from '../import/api/local-actor.js';
import { SameSiteGuard } from '../import/api/same-site.guard.js';
import { ModelOverrideBody, ModelsParameters, ModelWithdrawalBody } from './form-factor.parameters.js';

@ApiTags('Models')
@Controller('api/v1/models')
@UseGuards(SameSiteGuard)
export class ModelsController {
  constructor(
    private readonly models: FormFactorQueries,
    private readonly overrides: FormFactorOverrides,
  ) {}

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

  @Post('override')
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Decide what every machine of a model is',
    description: 'Holds for all its machines, also later ones. 409 when somebody has decided about the model already.',
    schema: overrideOutcomeSchema,
  })
  override(@Body() body: ModelOverrideBody): Promise<OverrideOutcome> {
    return this.overrides.overrideModel(body.manufacturer, body.model, body.class, LOCAL_ACTOR, body.reason);
  }

  @Post('override/withdraw')
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Take the decision about a model back', schema: overrideOutcomeSchema })
  withdraw(@Body() body: ModelWithdrawalBody): Promise<OverrideOutcome> {
    return this.overrides.withdrawModelOverride(body.manufacturer, body.model, LOCAL_ACTOR, body.reason);
  }
}
