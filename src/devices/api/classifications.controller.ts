import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { Access } from '../../auth/access.decorator.js';
import { Answers, choice, list, record, text, type Schema } from '../../web/api-schema.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import type { Classification } from '../domain/form-factor/classification.js';
import { classifyModel } from '../domain/form-factor/classify.js';
import { FORM_FACTORS, SUPERCLASSES } from '../domain/form-factor/form-factor.js';
import { loadFormFactorCatalogue } from '../form-factor-catalogue.js';

/** Longest name that is read; SMBIOS strings are far shorter. */
const LONGEST_NAME = 500;
const TOO_LONG = { message: `give at most ${LONGEST_NAME} characters` };

/** What a machine says of itself. */
class ModelBody {
  @MaxLength(LONGEST_NAME, TOO_LONG)
  @IsString({ message: 'give a text; it may be empty' })
  @ApiProperty({ type: String, maxLength: LONGEST_NAME, example: 'LENOVO' })
  manufacturer: string;

  @MaxLength(LONGEST_NAME, TOO_LONG)
  @IsString({ message: 'give a text; it may be empty' })
  @ApiProperty({ type: String, maxLength: LONGEST_NAME, example: '20XW00AAUK' })
  model: string;
}

const share: Schema = { type: 'number', description: 'From 0 to 1.' };

const classificationSchema = record({
  class: choice(FORM_FACTORS),
  superclass: choice(SUPERCLASSES),
  rule: text('Id of the rule that decided, or why none did.'),
  reason: text(),
  confidence: share,
  evidence: list(
    record({
      kind: text('What spoke: `catalogue`.'),
      value: text('What was seen.'),
      formFactor: choice(FORM_FACTORS),
      weight: share,
      reason: text(),
    }),
  ),
});

/** What the catalogue says of a model; nothing is read from the database or written to it. */
@ApiTags('Form factor')
@Controller('api/v1/classifications')
export class ClassificationsController {
  @Access('estate:read', { storesNothing: true })
  @Post()
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Classify a manufacturer and model by the catalogue',
    description: 'Stores nothing. What people decided about a model or a device is not looked at.',
    schema: classificationSchema,
  })
  classify(@Body() body: ModelBody): Omit<Classification, 'decidedBy' | 'contradictions'> {
    const answer = classifyModel(loadFormFactorCatalogue(), body.manufacturer, body.model);
    const { class: formFactor, superclass, rule, reason, confidence, evidence } = answer;
    return { class: formFactor, superclass, rule, reason, confidence, evidence };
  }
}
