/** A value as it goes into a column or into a record's attributes. */
export type FieldValue =
  string | number | boolean | null | readonly FieldValue[] | { readonly [key: string]: FieldValue };

/** A value that cannot be taken; the record that holds it is quarantined with this reason. Never quotes the value. */
export class FieldRejected extends Error {
  constructor(
    readonly reason: string,
    readonly field = '',
  ) {
    super(`${field}: ${reason}`);
  }
}

/** Counts what was quietly put right, so that a run can say so. */
export interface ConversionNotes {
  /** Values from which characters that Postgres cannot store were taken out. */
  sanitised: number;
}

/** Turns one JSON value of Graph into a stored one. Never guesses: a wrong type is rejected, not bent. */
export type Conversion = (value: unknown, notes: ConversionNotes) => FieldValue;

/** Longest text that a directory property may have; Entra's own limits are 64 to 1,024 characters. */
const LONGEST_TEXT = 1_024;
/** Intune's way of saying "never", also used by other .NET services. */
const NULL_DATE = '0001-01-01T00:00:00';
const ALL_ZERO_ID = /^[0-]+$/;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** Text; blank text is stored as null, NUL is taken out and lone surrogates become U+FFFD. */
export function text(longest = LONGEST_TEXT): Conversion {
  return (value, notes) => {
    if (value === null) return null;
    if (typeof value !== 'string') throw new FieldRejected('is not text');
    const clean = storable(value, notes);
    if (clean.length > longest) throw new FieldRejected(`is longer than ${longest} characters`);
    return clean.trim() === '' ? null : clean;
  };
}

/** Text of any directory property. Made once, as conversions run over a million times a synchronisation. */
export const plainText = text();
const shortText = text(256);

/** An id that links records; the all-zero one means "none". GUIDs are compared in lower case. */
export const identifier: Conversion = (value, notes) => {
  const id = shortText(value, notes) as string | null;
  if (id === null || ALL_ZERO_ID.test(id)) return null;
  return GUID.test(id) ? id.toLowerCase() : id;
};

/** True, false or null; the words "true" and "false" are rejected rather than taken for a boolean. */
export const flag: Conversion = (value) => {
  if (value === null || typeof value === 'boolean') return value;
  throw new FieldRejected('is not true or false');
};

/** An ISO 8601 instant; Intune's year 1 means never. */
export const instant: Conversion = (value) => {
  if (value === null || value === '') return null;
  if (typeof value !== 'string') throw new FieldRejected('is not a date and time');
  if (value.startsWith(NULL_DATE)) return null;
  const [, year = '', month = '', day = ''] = INSTANT.exec(value) ?? [];
  const calendar = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const exists = calendar.getUTCMonth() + 1 === Number(month) && calendar.getUTCDate() === Number(day);
  if (!exists || Number.isNaN(Date.parse(value))) throw new FieldRejected('is not a date and time');
  // Years outside of this range are slips of a clock or a script, and Postgres would store them without a word.
  if (Number(year) < 1900 || Number(year) > 2199) throw new FieldRejected('is not a plausible year');
  return value;
};

/** A whole number within bounds that JavaScript can hold exactly. */
export function wholeNumber(least: number, most = 2_147_483_647): Conversion {
  return (value) => {
    if (value === null) return null;
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new FieldRejected('is not a whole number');
    if (value < least || value > most) throw new FieldRejected(`is not between ${least} and ${most}`);
    return value;
  };
}

/** A number such as a score. */
export const decimal: Conversion = (value) => {
  if (value === null || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw new FieldRejected('is not a number');
};

/**
 * Bytes as gigabytes (10^9) with one decimal. JSON numbers beyond 2^53 arrive rounded, which does not matter at this
 * precision.
 */
export const gigabytes: Conversion = (value) => {
  if (value === null) return null;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new FieldRejected('is not a number of bytes');
  return value < 0 ? null : Math.round(value / 100_000_000) / 10;
};

/** A list of short texts. */
export const textList: Conversion = (value, notes) => {
  if (value === null) return [];
  if (!Array.isArray(value) || value.length > 200) throw new FieldRejected('is not a list of texts');
  return value.map((item) => plainText(item, notes)).filter((item) => item !== null);
};

/** Takes out what Postgres text and jsonb cannot hold. */
function storable(value: string, notes: ConversionNotes): string {
  if (!value.includes('\u0000') && value.isWellFormed()) return value;
  notes.sanitised++;
  return value.replaceAll('\u0000', '').toWellFormed();
}
