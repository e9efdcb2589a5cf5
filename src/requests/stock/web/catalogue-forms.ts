import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsString } from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import { InputError } from '../../../common/errors.js';
import { WORK_STYLES, type WorkStyle } from '../../../rollout/domain/move-words.js';
import { OptionalText, OptionalWhole, RequiredChoice, RequiredText, Tick } from '../../../web/form-fields.js';
import { PRODUCT_KINDS, type ProductKind } from '../../domain/product-words.js';
import { PoundsField } from '../../pounds-field.js';
import type { BundleInput } from '../bundles.service.js';
import type { ProductInput } from '../products.service.js';

/** As the catalogue has it at the most: 100,000 pounds. */
const MOST_PENCE = 10_000_000;
const VERSION = 'Load the page again';

/** Fields of one name, one in each row of a table: texts in the order of the rows. */
export function Column(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (value === undefined ? [] : [value].flat())),
    IsArray(),
    ArrayMaxSize(500, { message: 'Send at most 500 rows' }),
    IsString({ each: true, message: 'Load the page again' }),
  );
}

/** What is said of a product. */
export class NewProductForm {
  @RequiredText('Enter the name of the product', { longest: 200 })
  name: string;

  @RequiredChoice('Choose the kind', PRODUCT_KINDS)
  kind: ProductKind;

  @OptionalText({ longest: 2_000 })
  description?: string;

  @RequiredChoice('Choose how it is counted', ['serial', 'number'])
  counting: 'serial' | 'number';

  @PoundsField('Enter the price', MOST_PENCE)
  price: number;

  @OptionalWhole(1, 100)
  mostEach?: number;

  @Tick()
  reasonNeeded = false;

  @Tick()
  replacesKind = false;

  @Tick()
  offered = false;

  @OptionalText({ longest: 10_000, lines: true })
  models?: string;

  @OptionalText({ longest: 10_000, lines: true })
  alternatives?: string;
}

/** A product that was looked at. */
export class ProductForm extends NewProductForm {
  @RequiredText(VERSION, { longest: 18 })
  version: string;
}

interface Named {
  readonly id: number;
  readonly name: string;
}

/** @param products that alternatives are named from @throws InputError for an alternative of a name that is none */
export function productOf(form: NewProductForm, products: readonly Named[]): ProductInput {
  const { name, kind, description, counting, price, mostEach, reasonNeeded, replacesKind, offered } = form;
  return {
    name,
    kind,
    description: description ?? null,
    serialised: counting === 'serial',
    pricePence: price,
    mostEach: mostEach ?? null,
    reasonNeeded,
    replacesKind,
    offered,
    models: linesOf(form.models),
    alternatives: linesOf(form.alternatives).map((line) => alternativeIn(line, products)),
  };
}

/** A line such as `Quiet keyboard: for hands that hurt`. */
function alternativeIn(line: string, products: readonly Named[]): ProductInput['alternatives'][number] {
  const named = (text: string): Named | undefined =>
    products.find(({ name }) => name.toLowerCase() === text.trim().toLowerCase());
  const whole = named(line);
  if (whole) return { productId: whole.id, note: null };
  const at = line.indexOf(': ');
  const found = at < 0 ? undefined : named(line.slice(0, at));
  if (found) return { productId: found.id, note: line.slice(at + 2).trim() || null };
  const message = `There is no product called “${line.slice(0, 100)}”`;
  throw new InputError(`${message}.`, [{ field: 'alternatives', message }]);
}

function linesOf(text: string | undefined): string[] {
  return (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** What is said of a bundle: one row for each product. */
export class NewBundleForm {
  @RequiredText('Enter the name of the bundle', { longest: 200 })
  name: string;

  @RequiredChoice('Choose a way of working, or any', ['any', ...WORK_STYLES])
  workStyle: WorkStyle | 'any';

  @OptionalText({ longest: 2_000 })
  description?: string;

  @Tick()
  offered = false;

  @Column()
  product: string[] = [];

  @Column()
  quantity: string[] = [];
}

/** A bundle that was looked at. */
export class BundleForm extends NewBundleForm {
  @RequiredText(VERSION, { longest: 18 })
  version: string;
}

/** @throws InputError for a quantity that is no number from 1 to 20, and without any */
export function bundleOf({ name, workStyle, description, offered, product, quantity }: NewBundleForm): BundleInput {
  const lines = product.flatMap((id, row) => {
    const typed = (quantity[row] ?? '').trim();
    if (typed === '' || typed === '0') return [];
    if (!/^\d{1,2}$/.test(typed) || Number(typed) > 20) throw onQuantity('Enter whole numbers from 1 to 20');
    return [{ productId: Number(id), quantity: Number(typed) }];
  });
  if (lines.length === 0) throw onQuantity('Enter how many of at least one product');
  if (!lines.every(({ productId }) => Number.isSafeInteger(productId) && productId > 0 && productId < 2 ** 31)) {
    throw onQuantity(VERSION);
  }
  return { name, workStyle: workStyle === 'any' ? null : workStyle, description: description ?? null, offered, lines };
}

function onQuantity(message: string): InputError {
  return new InputError(`${message}.`, [{ field: 'quantity', message }]);
}
