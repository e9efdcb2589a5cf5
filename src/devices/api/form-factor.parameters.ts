import { applyDecorators } from '@nestjs/common';
import { ApiProperty, OmitType } from '@nestjs/swagger';
import { IsIn, IsString, Matches, MaxLength } from 'class-validator';
import { ChoiceField, ColumnsField, PageParameters, TextField } from '../../web/query-fields.js';
import { MODEL_COLUMNS } from '../models.columns.js';
import { FORM_FACTORS, type FormFactor } from '../domain/form-factor/form-factor.js';
import { MODEL_STATES, type ModelState } from '../domain/form-factor/classification.js';
import { ReasonBody } from '../../web/reason.parameters.js';

/** What the list of models can be asked for. */
export class ModelsParameters extends PageParameters {
  @ChoiceField('Only models some machine of which is unknown or contradicted, or none of either.', MODEL_STATES)
  state?: ModelState;

  @TextField('Manufacturer; other names of the same maker are found too.', 'Dell Inc.')
  manufacturer?: string;

  @ChoiceField('Only models some machine of which is of this class.', FORM_FACTORS)
  formFactor?: FormFactor;
}

/** The filters of the list of models, and the columns of the file. */
export class ModelsExportParameters extends OmitType(ModelsParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(MODEL_COLUMNS)
  columns?: string;
}

/** What one machine is. */
export class DeviceOverrideBody extends ReasonBody {
  @IsIn(FORM_FACTORS, { message: `give one of ${FORM_FACTORS.join(', ')}` })
  @ApiProperty({ type: String, enum: [...FORM_FACTORS] })
  class: FormFactor;
}

/** A model whose decision is taken back. */
export class ModelWithdrawalBody extends ReasonBody {
  @ModelName('Dell Inc.')
  manufacturer: string;

  @ModelName('Latitude 5440')
  model: string;
}

/** What every machine of a model is. */
export class ModelOverrideBody extends ModelWithdrawalBody {
  @IsIn(FORM_FACTORS, { message: `give one of ${FORM_FACTORS.join(', ')}` })
  @ApiProperty({ type: String, enum: [...FORM_FACTORS] })
  class: FormFactor;
}

function ModelName(example: string): PropertyDecorator {
  return applyDecorators(
    IsString({ message: 'give a text' }),
    MaxLength(200, { message: 'give at most 200 characters' }),
    Matches(/^[^\p{Cc}\p{Cs}]+$/u, { message: 'give a text without control characters' }),
    ApiProperty({ type: String, minLength: 1, maxLength: 200, example }),
  );
}
