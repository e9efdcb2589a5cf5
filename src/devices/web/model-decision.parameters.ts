import { IsString, Matches, MaxLength } from 'class-validator';
import { RequiredChoice, RequiredText } from '../../web/form-fields.js';
import { FORM_FACTORS, type FormFactor } from '../domain/form-factor/form-factor.js';

const LONGEST_NAME = 200;
const NAMES = { message: 'give the name of a model, once' };

/** Which model is decided about, as one of its machines names it. */
export class ModelNameParameters {
  @MaxLength(LONGEST_NAME, NAMES)
  @Matches(/^[^\p{Cc}\p{Cs}]+$/u, NAMES)
  @IsString(NAMES)
  manufacturer: string;

  @MaxLength(LONGEST_NAME, NAMES)
  @Matches(/^[^\p{Cc}\p{Cs}]+$/u, NAMES)
  @IsString(NAMES)
  model: string;
}

/** What a decision needs: why. */
export class ReasonForm {
  @RequiredText('Enter the reason', { longest: 2_000, lines: true })
  reason: string;
}

/** What every machine of the model is, and why. */
export class ModelDecisionForm extends ReasonForm {
  @RequiredChoice('Choose the class', FORM_FACTORS)
  class: FormFactor;
}
