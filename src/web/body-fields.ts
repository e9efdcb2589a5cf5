import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateBy,
} from 'class-validator';
import { isDay } from '../common/instant.js';
import { visibleText } from '../common/visible-text.js';

/** Decorators for the members of JSON bodies; what is optional may be left out or null, which is not known. */
type Field = PropertyDecorator;

const trimmed = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? visibleText(value) : value));
const ONE_LINE = { message: 'give a text without control characters' };

/** A text of one line. */
export function Line(description: string, longest: number): Field {
  return applyDecorators(
    trimmed,
    Matches(/^[^\p{Cc}\p{Cs}]*$/u, ONE_LINE),
    MaxLength(longest, { message: `give at most ${longest} characters` }),
    MinLength(1, { message: 'give a text' }),
    ApiProperty({ type: String, description, minLength: 1, maxLength: longest }),
  );
}

export function OptionalLine(description: string, longest: number): Field {
  return applyDecorators(
    IsOptional(),
    trimmed,
    Matches(/^[^\p{Cc}\p{Cs}]+$/u, ONE_LINE),
    MaxLength(longest, { message: `give at most ${longest} characters` }),
    ApiPropertyOptional({ type: String, description, maxLength: longest, nullable: true }),
  );
}

interface Bounds {
  readonly minimum: number;
  readonly maximum: number;
}

/** A whole number. */
export function Whole(description: string, { minimum, maximum }: Bounds): Field {
  return applyDecorators(
    wholeWithin(minimum, maximum),
    ApiProperty({ type: 'integer', description, minimum, maximum }),
  );
}

export function OptionalWhole(description: string, { minimum, maximum }: Bounds): Field {
  return applyDecorators(
    IsOptional(),
    wholeWithin(minimum, maximum),
    ApiPropertyOptional({ type: 'integer', description, minimum, maximum, nullable: true }),
  );
}

function wholeWithin(minimum: number, maximum: number): Field {
  const message = `give a whole number from ${minimum} to ${maximum}`;
  return applyDecorators(IsInt({ message }), Min(minimum, { message }), Max(maximum, { message }));
}

/** A day such as `2026-11-23`. */
export function Day(description: string): Field {
  return applyDecorators(isDayText, ApiProperty({ type: String, format: 'date', description, example: '2026-11-23' }));
}

export function OptionalDay(description: string): Field {
  return applyDecorators(
    IsOptional(),
    isDayText,
    ApiPropertyOptional({ type: String, format: 'date', description, example: '2026-11-23', nullable: true }),
  );
}

const isDayText = ValidateBy({
  name: 'isDay',
  validator: {
    validate: (value: unknown) => typeof value === 'string' && isDay(value),
    defaultMessage: () => 'give a day such as 2026-11-23',
  },
});

/** One of a fixed set of words. */
export function Choice(description: string, choices: readonly string[]): Field {
  return applyDecorators(
    IsIn(choices, { message: `give one of ${choices.join(', ')}` }),
    ApiProperty({ type: String, description, enum: [...choices] }),
  );
}

/** `true` or `false`. */
export function Flag(description: string): Field {
  return applyDecorators(IsBoolean({ message: 'give true or false' }), ApiProperty({ type: Boolean, description }));
}
