import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { Matches, MaxLength } from 'class-validator';
import { visibleText } from '../common/visible-text.js';

/** Characters of a reason; the services check the same. */
const LONGEST_REASON = 2_000;

/** Why something is decided; lines may be broken. */
export class ReasonBody {
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? visibleText(value) : value))
  @Matches(/^(?:[\t\n\r]|[^\p{Cc}\p{Cs}])+$/u, { message: 'say why, as a text without control characters' })
  @MaxLength(LONGEST_REASON, { message: `give at most ${LONGEST_REASON} characters` })
  @ApiProperty({ type: String, minLength: 1, maxLength: LONGEST_REASON, example: 'Checked the label on the machine.' })
  reason: string;
}
