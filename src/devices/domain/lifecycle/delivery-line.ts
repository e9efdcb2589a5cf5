import type { FieldError } from '../../../common/errors.js';
import { isDay } from '../../../common/instant.js';
import { manufacturerKey } from '../identity/manufacturer-name.js';
import { realSerial } from '../identity/serial-number.js';

/** What a delivery says of one machine. */
export interface DeliveryLine {
  readonly serialNumber: string;
  readonly serialKey: string;
  readonly manufacturer: string | null;
  readonly makerKey: string | null;
  readonly model: string | null;
  readonly assetTag: string | null;
  readonly supplier: string | null;
  readonly purchaseOrder: string | null;
  readonly purchasedOn: string | null;
  readonly pricePence: number | null;
  readonly warrantyEndsOn: string | null;
}

/** A line as it was sent: plain values by the names of `DELIVERY_FIELDS`. */
export type SentLine = Readonly<Record<string, unknown>>;

export type LineReading =
  { readonly ok: true; readonly line: DeliveryLine } | { readonly ok: false; readonly errors: readonly FieldError[] };

/** Lines of one delivery at the most. */
export const MOST_LINES = 1_000;

/** The fields of a line, with the longest text that each takes. */
export const DELIVERY_FIELDS = {
  serialNumber: { label: 'Serial number', limit: 128 },
  manufacturer: { label: 'Manufacturer', limit: 128 },
  model: { label: 'Model', limit: 256 },
  assetTag: { label: 'Asset tag', limit: 64 },
  supplier: { label: 'Supplier', limit: 200 },
  purchaseOrder: { label: 'Purchase order', limit: 64 },
  purchasedOn: { label: 'Purchase date', limit: 10 },
  pricePence: { label: 'Price in pence', limit: 10 },
  warrantyEndsOn: { label: 'Warranty end', limit: 10 },
} as const;
type DeliveryField = keyof typeof DELIVERY_FIELDS;

const NAMES = Object.keys(DELIVERY_FIELDS) as DeliveryField[];
/** Ten million pounds, as imports have it. */
const HIGHEST_PRICE = 1_000_000_000;

/** Reads one line of a delivery: a machine is known by its serial number, and one that is none is refused. */
export function readDeliveryLine(sent: SentLine): LineReading {
  const errors: FieldError[] = Object.keys(sent)
    .filter((name) => !Object.hasOwn(DELIVERY_FIELDS, name))
    .slice(0, 10)
    .map((field) => ({ field: field.slice(0, 100), message: `is not known here; known are ${NAMES.join(', ')}` }));
  const text = (name: DeliveryField): string | null => {
    const value = Object.hasOwn(sent, name) ? sent[name] : null;
    if (value === undefined || value === null || value === '') return null;
    const { label, limit } = DELIVERY_FIELDS[name];
    if (typeof value !== 'string' || /[\p{Cc}\p{Cs}]/u.test(value) || [...value.trim()].length > limit) {
      errors.push({ field: name, message: `${label}: give a text of at most ${limit} characters on one line.` });
      return null;
    }
    return value.trim() === '' ? null : value.trim();
  };
  const day = (name: DeliveryField): string | null => {
    const value = text(name);
    if (value === null || isDay(value)) return value;
    errors.push({ field: name, message: `${DELIVERY_FIELDS[name].label}: give a day such as 2026-11-23.` });
    return null;
  };
  const [serialNumber, manufacturer, model] = [text('serialNumber'), text('manufacturer'), text('model')];
  const serialKey = realSerial(serialNumber, manufacturer, model);
  if (serialKey === null && !errors.some(({ field }) => field === 'serialNumber')) {
    const message = serialNumber === null ? 'is missing' : 'is no serial number; look at the label of the machine';
    errors.push({ field: 'serialNumber', message: `The serial number ${message}.` });
  }
  const line: DeliveryLine = {
    serialNumber: (serialNumber ?? '').toUpperCase(),
    serialKey: serialKey ?? '',
    manufacturer,
    makerKey: manufacturerKey(manufacturer),
    model,
    assetTag: text('assetTag'),
    supplier: text('supplier'),
    purchaseOrder: text('purchaseOrder'),
    purchasedOn: day('purchasedOn'),
    pricePence: price(sent, errors),
    warrantyEndsOn: day('warrantyEndsOn'),
  };
  return errors.length > 0 ? { ok: false, errors } : { ok: true, line };
}

function price(sent: SentLine, errors: FieldError[]): number | null {
  const value = Object.hasOwn(sent, 'pricePence') ? sent['pricePence'] : null;
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= HIGHEST_PRICE) return value;
  errors.push({ field: 'pricePence', message: `Price: give whole pence from 0 to ${HIGHEST_PRICE}.` });
  return null;
}

/** Lines that repeat the serial number or tag of an earlier one, with the line that had it first; both counted from 0. */
export function repeatedLines(lines: readonly DeliveryLine[]): ReadonlyMap<number, number> {
  const seen = new Map<string, number>();
  const repeated = new Map<number, number>();
  for (const [index, line] of lines.entries()) {
    const keys = [`serial ${line.serialKey} ${line.makerKey ?? ''}`];
    if (line.assetTag !== null) keys.push(`tag ${line.assetTag.toUpperCase()}`);
    for (const key of keys) {
      const first = seen.get(key);
      if (first !== undefined) repeated.set(index, first);
      else seen.set(key, index);
    }
  }
  return repeated;
}
