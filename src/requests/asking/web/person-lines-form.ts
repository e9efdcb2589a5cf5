import { InputError, type FieldError } from '../../../common/errors.js';
import { visibleText } from '../../../common/visible-text.js';
import type { FormValues } from '../../../web/submitted-form.js';
import { MOST_OF_ONE, type DraftLine } from '../../domain/line-plan.js';
import { LONGEST_REASON } from '../draft-check.js';
import type { StoredDraftLine } from '../draft-rows.queries.js';

const ID = /^[1-9]\d{0,8}$/;

/**
 * What one person of a draft gets, read from the form of just this person: for each line that it had the product or one
 * of its alternatives, how many (none takes it away), reasons and the machine that is given back; and one more product.
 * @throws InputError 422 with what is wrong beside each field
 */
export function readPersonLines(
  values: FormValues,
  lines: readonly StoredDraftLine[],
  beneficiaryEntraId: string,
): DraftLine[] {
  const errors: FieldError[] = [];
  const kept = lines.flatMap((line): DraftLine[] => {
    const quantity = wholeIn(values, `quantity-${line.id}`, 0, errors) ?? line.quantity;
    if (quantity === 0) return [];
    const productId = idIn(values, `product-${line.id}`) ?? line.product.id;
    return [
      {
        beneficiaryEntraId,
        productId,
        quantity,
        bundleId: line.bundleId,
        exceptionReason: reasonIn(values, `exceptionReason-${line.id}`, errors),
        privateReason: reasonIn(values, `privateReason-${line.id}`, errors),
        replacesDeviceId: idIn(values, `replaces-${line.id}`),
      },
    ];
  });
  const added = idIn(values, 'addedProduct');
  const more: DraftLine[] =
    added === null
      ? []
      : [
          {
            beneficiaryEntraId,
            productId: added,
            quantity: wholeIn(values, 'addedQuantity', 1, errors) ?? 1,
            bundleId: null,
            exceptionReason: null,
            privateReason: null,
            replacesDeviceId: null,
          },
        ];
  if (added !== null && kept.some(({ productId }) => productId === added)) {
    errors.push({ field: 'addedProduct', message: 'It is in the list above. Change how many there' });
  }
  const twice = kept.find(({ productId }, place) => kept.findIndex((each) => each.productId === productId) !== place);
  if (twice !== undefined) {
    errors.push({ field: 'addedProduct', message: 'Two of the lines are the same product now. Take one of them away' });
  }
  if (errors.length > 0) throw new InputError('Put the request right.', errors);
  return [...kept, ...more];
}

function one(values: FormValues, name: string): string {
  const value = values[name];
  return typeof value === 'string' ? visibleText(value) : '';
}

function idIn(values: FormValues, name: string): number | null {
  const text = one(values, name);
  return ID.test(text) ? Number(text) : null;
}

function wholeIn(values: FormValues, name: string, least: number, errors: FieldError[]): number | null {
  const text = one(values, name);
  if (text === '') return null;
  const number = /^\d{1,2}$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= MOST_OF_ONE) return number;
  errors.push({ field: name, message: `Enter a whole number from ${least} to ${MOST_OF_ONE}` });
  return null;
}

function reasonIn(values: FormValues, name: string, errors: FieldError[]): string | null {
  const text = one(values, name);
  if (text.length > LONGEST_REASON) errors.push({ field: name, message: `Use at most ${LONGEST_REASON} characters` });
  if (/[\p{Cc}\p{Cs}]/u.test(text.replaceAll('\n', ''))) {
    errors.push({ field: name, message: 'Use text without control characters' });
  }
  return text === '' ? null : text;
}
