import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsObject, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { ChoiceField, FlagField, TextField, WholeNumberField } from '../../../web/query-fields.js';
import { FILE_KINDS } from '../import-mapping.entity.js';
import { SHOWN_OUTCOMES, type ShownOutcome } from '../import.queries.js';

/** What goes with a file that is sent. */
export class StageParameters {
  @TextField('Name of a saved mapping; without it, known headers are used.', 'Stock list')
  mapping?: string;

  @TextField('Name of the file; only shown.', 'register.csv')
  fileName?: string;
}

/** Which rows of a dry run to show. */
export class PreviewParameters {
  @ChoiceField('Only rows with this outcome.', SHOWN_OUTCOMES)
  outcome?: ShownOutcome;

  @WholeNumberField('`nextAfterLine` of the page before.', { minimum: 0, maximum: 2_147_483_647 })
  afterLine?: number;

  @WholeNumberField('Rows in one answer.', { minimum: 1, maximum: 1_000, default: 100 })
  limit?: number;

  @FlagField('Only rows that undoing left alone.')
  undoRefused?: boolean;
}

/** Why an import is undone. */
export class UndoBody {
  @IsString({ message: 'give a text' })
  @MinLength(1, { message: 'say why' })
  @MaxLength(2_000, { message: 'give at most 2,000 characters' })
  @ApiProperty({ type: String, minLength: 1, maxLength: 2_000, example: 'The wrong file was sent.' })
  reason: string;
}

/** The machine that a row is about. */
export class DecisionBody {
  @IsInt({ message: 'give a whole number' })
  @Min(1, { message: 'give a number of 1 or more' })
  @Max(2_147_483_647, { message: 'give a number up to 2147483647' })
  @ApiProperty({ type: 'integer', minimum: 1 })
  deviceId: number;
}

/** A mapping to save. */
export class MappingBody {
  @IsString({ message: 'give a text' })
  @ApiProperty({ type: String, enum: [...FILE_KINDS] })
  fileKind: string;

  @IsObject({ message: 'give an object of header to field' })
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { 'Service Tag': 'serialNumber' } })
  columns: Record<string, unknown>;
}
