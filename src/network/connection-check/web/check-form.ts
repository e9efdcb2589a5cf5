import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, Matches, ValidateBy } from 'class-validator';
import { RequiredChoice } from '../../../web/form-fields.js';
import { STATED_CONNECTIONS, type StatedConnection } from '../../domain/network-words.js';
import { checkLimits } from '../check-limits.js';

/** Sentence beside a figure that no check comes to; people never type one. */
const NO_FIGURE = 'The result is not readable. Check your connection again';
/** As the table has it: a minute, and 100 Gbit/s. */
const LONGEST_MS = 60_000;
const FASTEST_KBPS = 100_000_000;
const MOST_SAMPLES = 10_000;
const LARGEST_TRANSFER = checkLimits({ atOnce: 1, megabitsPerSecond: 1 }).transferBytes;

/** A figure from 0 to `most`, sent once, in plain digits: no sign, no exponent, nothing that is not finite. */
function Figure(most: number, { whole = false, least = 0 } = {}): PropertyDecorator {
  const plain = whole ? /^\d{1,9}$/ : /^\d{1,9}(\.\d{1,9})?$/;
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && plain.test(value) ? Number(value) : value,
    ),
    ValidateBy({
      name: 'isFigure',
      validator: {
        validate: (value: unknown) => typeof value === 'number' && value >= least && value <= most,
        defaultMessage: () => NO_FIGURE,
      },
    }),
  );
}

/** What a browser measured, with what its person says. */
export class CheckForm {
  @Matches(/^[\w.-]{1,100}$/, { message: NO_FIGURE })
  ticket: string;

  @RequiredChoice('Choose how you are connected', STATED_CONNECTIONS)
  connection: StatedConnection;

  @Figure(LONGEST_MS)
  roundTripMs: number;

  @Figure(LONGEST_MS)
  jitterMs: number;

  @Figure(1)
  lateRatio: number;

  @Figure(FASTEST_KBPS, { whole: true })
  downloadKbps: number;

  @Figure(FASTEST_KBPS, { whole: true })
  uploadKbps: number;

  /** Left out, or empty, when the files were over too soon. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === '' ? undefined : value))
  @Figure(LONGEST_MS)
  loadedRoundTripMs?: number;

  @Figure(MOST_SAMPLES, { whole: true, least: 1 })
  samples: number;
}

/** A form of one button. */
export class NoFields {}

/** What the script asks for: so many bytes, and whether files are on their way meanwhile. */
export class TransferParameters {
  @Figure(LARGEST_TRANSFER, { whole: true })
  bytes: number;

  @IsOptional()
  @IsIn(['idle', 'load'], { message: 'give idle or load' })
  during?: string;
}
