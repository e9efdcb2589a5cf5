import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsArray, IsIn, IsOptional, Matches, MaxLength, ValidateBy, type ValidationArguments } from 'class-validator';
import { isDay } from '../common/instant.js';
import { visibleText } from '../common/visible-text.js';
import { wholeDay } from './form-days.js';

/**
 * Decorators for the fields of forms: how a text is read, what is accepted, and the sentence that stands beside the
 * field when it is not. A field that is sent twice is refused wherever one value is expected.
 */
type Field = PropertyDecorator;

/** Texts of several lines keep their line breaks; no other control character is a text. */
const ONE_LINE = /^[^\p{Cc}\p{Cs}]*$/u;
const LINES = /^(?:[^\p{Cc}\p{Cs}]|\n)*$/u;
/** What is pasted from a spreadsheet has tabs between its cells. */
const CELLS = /^(?:[^\p{Cc}\p{Cs}]|[\n\t])*$/u;

const trimmed = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? visibleText(value) : value));
const emptyIsAbsent = Transform(({ value }: { value: unknown }) => (value === '' ? undefined : value));

/** What a text field is for its reader: `missing` stands beside the empty field, such as "Enter the reason". */
interface TextRules {
  readonly longest: number;
  /** Several lines, or several lines with tabs in them. */
  readonly lines?: boolean | 'with tabs';
}

function textOf(lines: TextRules['lines']): RegExp {
  if (lines === 'with tabs') return CELLS;
  return lines === true ? LINES : ONE_LINE;
}

/** A text that must be there, trimmed. @param missing such as "Enter the reason". */
export function RequiredText(missing: string, { longest, lines = false }: TextRules): Field {
  return applyDecorators(
    trimmed,
    // The first rule that fails is the one that is told.
    ValidateBy({
      name: 'isGiven',
      validator: { validate: (value: unknown) => value !== undefined && value !== '', defaultMessage: () => missing },
    }),
    Matches(textOf(lines), { message: 'Use text without control characters, once' }),
    MaxLength(longest, { message: `Use at most ${longest} characters` }),
  );
}

/** A text that may be left out; an empty one is undefined. */
export function OptionalText({ longest, lines = false }: TextRules): Field {
  return applyDecorators(
    IsOptional(),
    trimmed,
    emptyIsAbsent,
    MaxLength(longest, { message: `Use at most ${longest} characters` }),
    Matches(textOf(lines), { message: 'Use text without control characters, once' }),
  );
}

/** One of a fixed set, from radios or a select. @param missing such as "Choose a place". */
export function RequiredChoice(missing: string, choices: readonly string[]): Field {
  return IsIn(choices, { message: missing });
}

/** Any of a fixed set, from checkboxes: an array, empty when nothing is ticked. */
export function AnyChoices(message: string, choices: readonly string[]): Field {
  return applyDecorators(manyValues, IsArray({ message }), IsIn(choices, { each: true, message }));
}

const manyValues = Transform(({ value }: { value: unknown }) =>
  value === undefined || value === '' ? [] : [value].flat(),
);

/** The id of one record, or the version of one, from a hidden field, a select or radios. */
export function RequiredId(missing: string): Field {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (isId(value) ? Number(value) : value)),
    ValidateBy({
      name: 'isId',
      validator: { validate: (value: unknown) => Number.isSafeInteger(value), defaultMessage: () => missing },
    }),
  );
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && /^(0|[1-9]\d{0,9})$/.test(value);
}

/** A day that exists, from a date field: text such as `2026-11-23`. @param missing such as "Enter the day of the wipe". */
export function RequiredDay(missing: string): Field {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => wholeDay(value)),
    ValidateBy({
      name: 'isDay',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isDay(value),
        defaultMessage: (details?: ValidationArguments) =>
          details?.value === undefined ? missing : 'Enter a day that exists, such as 27 3 2027',
      },
    }),
  );
}

/** A day that exists, or nothing. */
export function OptionalDay(): Field {
  return applyDecorators(
    IsOptional(),
    Transform(({ value }: { value: unknown }) => wholeDay(value)),
    ValidateBy({
      name: 'isDay',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isDay(value),
        defaultMessage: () => 'Enter a day that exists, such as 27 3 2027, or leave it open',
      },
    }),
  );
}

/** A whole number in plain digits. @param missing such as "Enter the number of sessions". */
export function RequiredWhole(missing: string, least: number, most: number): Field {
  return applyDecorators(wholeNumber, wholeWithin(missing, least, most));
}

/** A whole number in plain digits, or nothing. */
export function OptionalWhole(least: number, most: number): Field {
  const message = `Enter a whole number from ${least} to ${most}, or leave it open`;
  return applyDecorators(IsOptional(), wholeNumber, emptyIsAbsent, wholeWithin(message, least, most));
}

const wholeNumber = Transform(({ value }: { value: unknown }) => {
  const typed = typeof value === 'string' ? value.trim() : value;
  return isId(typed) ? Number(typed) : typed;
});

function wholeWithin(missing: string, least: number, most: number): Field {
  return ValidateBy({
    name: 'isWholeWithin',
    validator: {
      validate: (value: unknown) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
      defaultMessage: (details?: ValidationArguments) =>
        details?.value === undefined || details.value === ''
          ? missing
          : `Enter a whole number from ${least} to ${most}`,
    },
  });
}

/** A tick: true when the box with this value was ticked. */
export function Tick(): Field {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (value === undefined ? false : value === 'yes' ? true : value)),
    IsIn([true, false], { message: 'Tick the box, or leave it' }),
  );
}
