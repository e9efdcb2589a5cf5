import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import { penceOf, shownPounds } from './domain/money.js';

/** An amount that people type in pounds, such as `849.21` or `£1,200`; in pence afterwards. @param missing such as "Enter the price" */
export function PoundsField(missing: string, mostPence: number): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? (penceOf(value.trim()) ?? value) : value,
    ),
    ValidateBy({
      name: 'isPounds',
      validator: {
        validate: (value: unknown) => typeof value === 'number' && value >= 0 && value <= mostPence,
        defaultMessage: (details?: ValidationArguments) =>
          details?.value === undefined || details.value === ''
            ? missing
            : `Enter an amount in pounds, such as 849.21, of at most ${shownPounds(mostPence)}`,
      },
    }),
  );
}
