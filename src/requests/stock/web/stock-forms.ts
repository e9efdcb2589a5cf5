import { InputError } from '../../../common/errors.js';
import { OptionalText, OptionalWhole, RequiredId, RequiredText, RequiredWhole } from '../../../web/form-fields.js';
import { MOST_MOVED } from '../../domain/stock-words.js';
import type { CountedProduct } from '../counts.service.js';
import { Column } from './catalogue-forms.js';
import { pastedFigures } from './pasted-figures.js';

const VERSION = 'Load the page again';
const MOST_COUNTED = 100_000;

/** A place where stock is kept. */
export class NewPlaceForm {
  @RequiredText('Enter the name of the place', { longest: 200 })
  name: string;
}

/** A place that was looked at. */
export class PlaceForm extends NewPlaceForm {
  @RequiredText(VERSION, { longest: 18 })
  version: string;
}

/** A product to be watched at a place. */
export class WatchForm {
  @RequiredId('Choose a product')
  productId: number;

  @RequiredId('Choose a place')
  placeId: number;

  @RequiredWhole('Enter the threshold', 0, MOST_COUNTED)
  threshold: number;
}

/** The threshold of a level that was looked at. */
export class ThresholdForm {
  @OptionalWhole(0, MOST_COUNTED)
  threshold?: number;

  @RequiredText(VERSION, { longest: 18 })
  version: string;
}

/** Accessories to be sent. */
export class TransferForm {
  @RequiredId('Choose a product')
  productId: number;

  @RequiredId('Choose where they are')
  fromPlaceId: number;

  @RequiredId('Choose where they go')
  toPlaceId: number;

  @RequiredWhole('Enter how many', 1, MOST_MOVED)
  quantity: number;

  @OptionalText({ longest: 100 })
  tracking?: string;
}

/** Machines to be sent, by their serial numbers. */
export class MachineTransferForm {
  @RequiredText('Scan or enter serial numbers, one a line', { longest: 30_000, lines: 'with tabs' })
  serials: string;

  @RequiredId('Choose where they go')
  toPlaceId: number;

  @OptionalText({ longest: 100 })
  tracking?: string;
}

/** What arrived of a transfer that was looked at: so many, or machines. */
export class ArrivalForm {
  @OptionalWhole(1, MOST_MOVED)
  arrived?: number;

  @Column()
  arrivedMachine: string[] = [];

  @RequiredText(VERSION, { longest: 18 })
  version: string;
}

/** What was lost of a transfer that was looked at: so many, or machines. */
export class LossForm {
  @OptionalWhole(1, MOST_MOVED)
  lost?: number;

  @Column()
  lostMachine: string[] = [];

  @RequiredText('Enter the reason', { longest: 500 })
  reason: string;

  @RequiredText(VERSION, { longest: 18 })
  version: string;
}

/** How many, where each is not named. @throws InputError at this field */
export function numberIn(value: number | undefined, field: string): number {
  if (value === undefined) throw at(field, 'Enter how many');
  return value;
}

/** Numbers of the devices that were ticked. @throws InputError at this field for none, or what is no number */
export function devicesIn(values: readonly string[], field: string): number[] {
  if (values.length === 0) throw at(field, 'Tick at least one machine');
  return values.map((value) => {
    if (!/^[1-9]\d{0,8}$/.test(value)) throw at(field, VERSION);
    return Number(value);
  });
}

/** A place to be counted. */
export class NewCountForm {
  @RequiredId('Choose a place')
  placeId: number;
}

/** A count that was looked at. */
export class CountVersionForm {
  @RequiredText(VERSION, { longest: 18 })
  version: string;
}

/** Figures of a count: one row for each product, and one for a product that was not expected. */
export class FiguresForm extends CountVersionForm {
  @Column()
  product: string[] = [];

  @Column()
  counted: string[] = [];

  @Column()
  reason: string[] = [];

  @OptionalWhole(1, 2_147_483_647)
  otherProduct?: number;

  @OptionalWhole(0, MOST_COUNTED)
  otherCounted?: number;

  @OptionalText({ longest: 500 })
  otherReason?: string;

  @OptionalText({ longest: 60_000, lines: 'with tabs' })
  pasted?: string;
}

/**
 * What is counted by a form: what was pasted goes before what stands in the rows, and keeps the reason of its row.
 * @param products that are counted
 * @throws InputError for figures that are none
 */
export function figuresOf(
  form: FiguresForm,
  products: readonly { readonly id: number; readonly name: string }[],
): readonly CountedProduct[] {
  const pasted = pastedFigures(form.pasted ?? '', products, MOST_COUNTED);
  const typed = new Map(typedFigures(form).map((line) => [line.productId, line]));
  for (const line of pasted) {
    typed.set(line.productId, { ...line, reason: line.reason ?? typed.get(line.productId)?.reason ?? null });
  }
  return [...typed.values()];
}

function typedFigures(form: FiguresForm): readonly CountedProduct[] {
  const lines = form.product.map((product, row) => ({
    productId: productIn(product),
    counted: countedIn((form.counted[row] ?? '').trim(), row),
    reason: reasonIn((form.reason[row] ?? '').trim(), row),
  }));
  const { otherProduct, otherCounted, otherReason } = form;
  if (otherProduct === undefined) return lines;
  return [...lines, { productId: otherProduct, counted: otherCounted ?? null, reason: otherReason ?? null }];
}

function productIn(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw at('counted-0', VERSION);
  return Number(text);
}

function countedIn(text: string, row: number): number | null {
  if (text === '') return null;
  if (!/^\d{1,6}$/.test(text) || Number(text) > MOST_COUNTED) {
    throw at(`counted-${row}`, `Row ${row + 1}: enter a whole number, or leave it open`);
  }
  return Number(text);
}

function reasonIn(text: string, row: number): string | null {
  if (text.length > 500 || /[\p{Cc}\p{Cs}]/u.test(text)) {
    throw at(`reason-${row}`, `Row ${row + 1}: use at most 500 characters on one line`);
  }
  return text === '' ? null : text;
}

/** Serial numbers that were scanned. */
export class SerialsForm {
  @RequiredText('Scan or enter serial numbers, one a line', { longest: 60_000, lines: 'with tabs' })
  serials: string;
}

function at(field: string, message: string): InputError {
  return new InputError(`${message}.`, [{ field, message }]);
}
