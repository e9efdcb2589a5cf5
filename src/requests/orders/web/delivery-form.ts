import { InputError, type FieldError } from '../../../common/errors.js';
import { visibleText } from '../../../common/visible-text.js';
import type { FormValues } from '../../../web/submitted-form.js';
import { ORDER_LIMITS } from '../../domain/order-words.js';
import type { DeliveredMachine } from '../order-line-receiving.js';
import type { OrderDelivery } from '../order-receiving.service.js';
import type { OrderLineView } from '../orders.queries.js';

/** As much as the register of devices keeps of each. */
const LONGEST = { manufacturer: 128, model: 256 } as const;
/** Problems that are told; the first say enough. */
const MOST_TOLD = 20;

type DeliveredLine = OrderDelivery['lines'][number];

/**
 * What a delivery brought, read from the form about all lines of an order: for each a number, or machines with their
 * model. Lines of which nothing was entered did not come.
 * @param lines of the order, all of them, so that a form that is sent twice says the same twice
 * @throws InputError 422 with what is wrong beside each field
 */
export function readDelivery(
  values: FormValues,
  lines: readonly OrderLineView[],
): Pick<OrderDelivery, 'lines' | 'mode' | 'deliveryNote'> {
  const errors: FieldError[] = [];
  const came = lines.flatMap((line): DeliveredLine[] =>
    line.serialised ? machinesOf(values, line, errors) : countOf(values, line, errors),
  );
  const deliveryNote = textIn(values, 'deliveryNote', ORDER_LIMITS.deliveryNote, errors);
  const [first] = lines.filter(({ quantity, received }) => received < quantity);
  if (errors.length === 0 && came.length === 0 && first) {
    errors.push({
      field: `${first.serialised ? 'machines' : 'quantity'}-${first.id}`,
      message: 'Enter what came of at least one line',
    });
  }
  if (errors.length > 0) throw new InputError('Put the delivery right.', errors);
  return { lines: came, mode: values['rest'] === 'yes' ? 'rest' : 'all', deliveryNote };
}

/** Machines as they are scanned or pasted, one a line: the serial number and, after a comma, the asset tag. */
export function machinesIn(text: string): readonly DeliveredMachine[] {
  return text
    .split('\n')
    .map((line) => line.split(/[,;\t]/).map((cell) => cell.trim()))
    .flatMap(([serialNumber = '', assetTag = '']) =>
      serialNumber === '' ? [] : [{ serialNumber, assetTag: assetTag === '' ? null : assetTag }],
    );
}

/** What is wrong with a delivery, beside the fields of the form; rethrows whatever is not about fields. */
export function besideFields(lines: OrderDelivery['lines']): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof InputError)) throw error;
    const fields = error.fields.map(({ field, message }) => {
      const [, place = '', name = ''] = /^lines\.(\d+)\.(\w+)$/.exec(field) ?? [];
      const line = lines[Number(place)];
      return { field: line === undefined || place === '' ? field : `${name}-${line.lineId}`, message };
    });
    const more = fields.slice(MOST_TOLD);
    const [next] = more;
    throw new InputError(error.message, [
      ...fields.slice(0, MOST_TOLD),
      ...(next ? [{ field: next.field, message: `And ${more.length} more problems like these.` }] : []),
    ]);
  };
}

function countOf(values: FormValues, { id }: OrderLineView, errors: FieldError[]): DeliveredLine[] {
  const field = `quantity-${id}`;
  const text = typed(values, field);
  if (text === '') return [];
  const quantity = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (quantity >= 1 && quantity <= ORDER_LIMITS.quantity) return [{ lineId: id, delivered: { quantity } }];
  errors.push({ field, message: 'Enter a whole number from 1, or leave it open when none came' });
  return [];
}

function machinesOf(values: FormValues, { id }: OrderLineView, errors: FieldError[]): DeliveredLine[] {
  const machines = machinesIn(typed(values, `machines-${id}`));
  if (machines.length === 0) return [];
  if (machines.length > ORDER_LIMITS.machines) {
    errors.push({ field: `machines-${id}`, message: `Enter at most ${ORDER_LIMITS.machines} machines at once` });
  }
  const manufacturer = textIn(values, `manufacturer-${id}`, LONGEST.manufacturer, errors);
  const model = textIn(values, `model-${id}`, LONGEST.model, errors);
  if (model === null) errors.push({ field: `model-${id}`, message: 'Enter the model' });
  return [{ lineId: id, delivered: { machines, manufacturer, model: model ?? '' } }];
}

function textIn(values: FormValues, field: string, longest: number, errors: FieldError[]): string | null {
  const text = typed(values, field);
  if (text.length > longest) errors.push({ field, message: `Use at most ${longest} characters` });
  if (/[\p{Cc}\p{Cs}]/u.test(text)) errors.push({ field, message: 'Use text without control characters' });
  return text === '' ? null : text;
}

function typed(values: FormValues, field: string): string {
  const value = values[field];
  return typeof value === 'string' ? visibleText(value) : '';
}
