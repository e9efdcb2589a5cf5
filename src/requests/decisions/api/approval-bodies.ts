import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsOptional,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { visibleText } from '../../../common/visible-text.js';
import { Day, Line, OptionalLine, Whole } from '../../../web/body-fields.js';
import { OUTCOMES, type Outcome } from '../../domain/decision-words.js';
import { MOST_DECISIONS } from '../decisions.service.js';

const LARGEST = 2_147_483_647;

/** A decision about the step that waits. */
export class ApprovalDecisionBody {
  @Whole('The step that was looked at.', { minimum: 1, maximum: 9 })
  step: number;

  @IsIn(OUTCOMES, { message: `give one of ${OUTCOMES.join(', ')}` })
  @ApiProperty({ type: String, enum: [...OUTCOMES] })
  outcome: Outcome;

  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? visibleText(value) : value))
  @Matches(/^(?:[\t\n\r]|[^\p{Cc}\p{Cs}])*$/u, { message: 'say why, as a text without control characters' })
  @MaxLength(2_000, { message: 'give at most 2000 characters' })
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 2_000, description: 'Needed unless it is approved.' })
  reason?: string | null;
}

/** A step as it was looked at. */
export class StepBody {
  @Whole('Number of the request.', { minimum: 1, maximum: LARGEST })
  requestId: number;

  @Whole('The revision that was looked at.', { minimum: 1, maximum: 1_000 })
  revision: number;

  @Whole('The step that was looked at.', { minimum: 1, maximum: 9 })
  step: number;
}

/** Steps that are approved, each on its own. */
export class ApprovalsBody {
  @IsArray({ message: 'give a list' })
  @ArrayMinSize(1, { message: 'give at least one' })
  @ArrayMaxSize(MOST_DECISIONS, { message: `give at most ${MOST_DECISIONS}` })
  @ValidateNested({ each: true })
  @Type(() => StepBody)
  @ApiProperty({ type: [StepBody], minItems: 1, maxItems: MOST_DECISIONS })
  decisions: StepBody[];
}

/** Somebody decides in somebody else’s place. */
export class DelegationBody {
  @OptionalLine(
    'Whose decisions: object id or user principal name; your own without it. Only administrators name others.',
    256,
  )
  from?: string | null;

  @Line('Who decides: object id or user principal name.', 256)
  to: string;

  @Day('The first day.')
  fromDay: string;

  @Day('The last day, at most 92 days after the first.')
  untilDay: string;

  @Line('Why.', 500)
  reason: string;
}

/** Two accounts of one person. */
export class LinkedAccountBody {
  @Line('The second account: object id or user principal name.', 256)
  account: string;

  @Line('The usual account of the person: object id or user principal name.', 256)
  person: string;
}

/** An account that is not somebody’s second one. */
export class UnlinkBody {
  @Line('Object id of the account.', 64)
  account: string;
}
