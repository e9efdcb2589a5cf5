import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsDate, IsIn, IsInt, IsOptional, Matches, Max, MaxLength, Min, ValidateBy } from 'class-validator';
import { columnsNamed, type NamedColumn } from '../common/csv-columns.js';
import { isDay, parseInstant } from '../common/instant.js';
import { DEFAULT_LIMIT, MAXIMUM_LIMIT } from '../common/paging.js';

/**
 * Decorators for the parameters of a list. Each says at once how the text of the URL is read, what is accepted, and
 * what the API's description says of it. Text that is not exactly of the wanted form is left as it is, so that the
 * check after it refuses it; nothing is converted on a guess ("1e3" is not 1000, "yes" is not true).
 */
type Field = PropertyDecorator;

/** Most characters of a search or filter text. */
const LONGEST_TEXT = 200;

/** A text without control characters, trimmed. */
export function TextField(description: string, example: string): Field {
  return applyDecorators(
    IsOptional(),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    Matches(/^[^\p{Cc}\p{Cs}]+$/u, { message: 'give a text without control characters, and give it once' }),
    MaxLength(LONGEST_TEXT, { message: `give at most ${LONGEST_TEXT} characters` }),
    ApiPropertyOptional({ type: String, description, example, minLength: 1, maxLength: LONGEST_TEXT }),
  );
}

/** One of a fixed set of words. */
export function ChoiceField(description: string, choices: readonly string[], fallback?: string): Field {
  return applyDecorators(
    IsOptional(),
    IsIn(choices, { message: `give one of ${choices.join(', ')}` }),
    ApiPropertyOptional({
      type: String,
      description,
      enum: [...choices],
      ...(fallback === undefined ? {} : { default: fallback }),
    }),
  );
}

/** `true` or `false`, in just these words. */
export function FlagField(description: string): Field {
  return applyDecorators(
    IsOptional(),
    Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value)),
    IsIn([true, false], { message: 'give true or false' }),
    ApiPropertyOptional({ type: Boolean, description }),
  );
}

/** A whole number in plain digits. */
export function WholeNumberField(
  description: string,
  range: { readonly minimum: number; readonly maximum: number; readonly default?: number },
): Field {
  const message = `give a whole number from ${range.minimum} to ${range.maximum}`;
  return applyDecorators(
    IsOptional(),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^(0|[1-9]\d{0,9})$/.test(value) ? Number(value) : value,
    ),
    IsInt({ message }),
    Min(range.minimum, { message }),
    Max(range.maximum, { message }),
    ApiPropertyOptional({ type: 'integer', description, ...range }),
  );
}

/** A day or a time in UTC. */
export function InstantField(description: string): Field {
  return applyDecorators(
    IsOptional(),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? (parseInstant(value) ?? value) : value)),
    IsDate({ message: 'give a day such as 2026-11-23 or a time in UTC such as 2026-11-23T09:30:00Z' }),
    ApiPropertyOptional({ type: String, format: 'date-time', description, example: '2026-11-23T09:30:00Z' }),
  );
}

/** A day, such as 2026-11-23 or 23/11/2026; in ISO 8601 afterwards. It stands for the whole day in UK time. */
export function DayField(description: string): Field {
  return applyDecorators(
    IsOptional(),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? isoDay(value.trim()) : value)),
    ValidateBy({
      name: 'isDay',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isDay(value),
        defaultMessage: () => 'give a day such as 2026-11-23 or 23/11/2026',
      },
    }),
    ApiPropertyOptional({ type: String, format: 'date', description, example: '2026-11-23' }),
  );
}

/** A day as people in the UK write it, in ISO 8601; any other text as it is. */
function isoDay(text: string): string {
  const [, day, month, year] = /^(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})$/.exec(text) ?? [];
  return year && month && day ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : text;
}

/** Which columns of a list to show, by name with commas between them. */
export function ColumnsField<Row>(columns: readonly NamedColumn<Row>[]): Field {
  const names = columns.map(({ name }) => name);
  return applyDecorators(
    IsOptional(),
    ValidateBy({
      name: 'isColumns',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && columnsNamed(columns, value) !== null,
        defaultMessage: () => `give names with commas between them, each once; known are ${names.join(', ')}`,
      },
    }),
    ApiPropertyOptional({
      type: String,
      description: `Columns of the file in this order; without it all of them: ${names.join(', ')}.`,
      example: names.slice(0, 2).join(','),
    }),
  );
}

/** Matches the ids of Entra ID and the products of Microsoft: a GUID without braces. */
export const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A GUID, in lower case afterwards. */
export function GuidField(description: string): Field {
  return applyDecorators(
    IsOptional(),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value)),
    Matches(GUID, { message: 'give an id such as 05e9a617-0261-4cee-bb44-138d3ef5d965' }),
    ApiPropertyOptional({ type: String, format: 'uuid', description }),
  );
}

/** What every list takes: how many rows, and where to begin. */
export class PageParameters {
  @WholeNumberField('Rows in one answer.', { minimum: 1, maximum: MAXIMUM_LIMIT, default: DEFAULT_LIMIT })
  limit?: number;

  @Matches(/^[A-Za-z0-9_-]{1,4000}$/, { message: 'send "next" of the page before unchanged, or leave it out' })
  @IsOptional()
  @ApiPropertyOptional({ type: String, description: '`next` of the page before; leave it out for the first page.' })
  cursor?: string;
}
