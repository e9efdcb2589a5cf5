import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import { MOST } from '../inventory-limits.js';

/** A speed that people type in Mbit/s, such as `76` or `1.5`; in kbit/s afterwards. @param missing such as "Enter the download". */
export function SpeedField(missing: string): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => kbpsTyped(value)),
    ValidateBy({
      name: 'isSpeed',
      validator: {
        validate: (value: unknown) => typeof value === 'number' && value >= 1 && value <= MOST.kbps,
        defaultMessage: (details?: ValidationArguments) =>
          details?.value === undefined || details.value === ''
            ? missing
            : `Enter a number from 0.001 to ${MOST.kbps / 1000} in Mbit/s, such as 76 or 1.5`,
      },
    }),
  );
}

function kbpsTyped(value: unknown): unknown {
  const typed = typeof value === 'string' ? value.trim() : value;
  return typeof typed === 'string' && /^\d{1,7}(\.\d{1,3})?$/.test(typed) ? Math.round(Number(typed) * 1000) : typed;
}
