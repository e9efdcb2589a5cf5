import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, Matches, MaxLength, MinLength } from 'class-validator';
import { visibleText } from '../../../common/visible-text.js';
import { ReasonBody } from '../../../web/reason.parameters.js';
import { READINESS_OUTCOMES, type ReadinessOutcome } from '../../domain/move-words.js';
import { READINESS_RULES, type ReadinessRule } from '../../domain/readiness/rules.js';

const trimmed = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? visibleText(value) : value));
const ONE_LINE = { message: 'give a text without control characters' };

/** A waiver to grant. */
export class WaiverBody extends ReasonBody {
  @IsIn(READINESS_RULES, { message: `give one of ${READINESS_RULES.join(', ')}` })
  @ApiProperty({ type: String, enum: [...READINESS_RULES] })
  rule: ReadinessRule;

  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'give a day such as 2027-01-31' })
  @ApiProperty({ type: String, format: 'date', example: '2027-01-31' })
  expiresOn: string;
}

/** What is known of an application. */
export class ApplicationBody {
  @trimmed
  @Matches(/^[^\p{Cc}\p{Cs}]*$/u, ONE_LINE)
  @MaxLength(120, { message: 'give at most 120 characters' })
  @MinLength(1, { message: 'give a name' })
  @ApiProperty({ type: String, minLength: 1, maxLength: 120, example: 'Uniform' })
  name: string;

  @IsIn(READINESS_OUTCOMES, { message: `give one of ${READINESS_OUTCOMES.join(', ')}` })
  @ApiProperty({ type: String, enum: [...READINESS_OUTCOMES] })
  state: ReadinessOutcome;

  @IsOptional()
  @trimmed
  @Matches(/^[^\p{Cc}\p{Cs}]+$/u, ONE_LINE)
  @MaxLength(80, { message: 'give at most 80 characters' })
  @ApiPropertyOptional({ type: String, maxLength: 80, nullable: true })
  owner?: string | null;

  @IsOptional()
  @trimmed
  @Matches(/^(?:[^\p{Cc}\p{Cs}]|\n)+$/u, ONE_LINE)
  @MaxLength(2_000, { message: 'give at most 2000 characters' })
  @ApiPropertyOptional({ type: String, maxLength: 2_000, nullable: true })
  note?: string | null;
}

/** What is known now of an application that was looked at. */
export class ApplicationChangeBody extends ApplicationBody {
  @Matches(/^(0|[1-9]\d{0,17})$/, { message: 'give the version that you looked at' })
  @ApiProperty({ type: String, example: '17' })
  version: string;
}
