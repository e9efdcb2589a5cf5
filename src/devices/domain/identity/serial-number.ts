import { isPlaceholder } from './placeholder-values.js';

/** Spaces that firmware, spreadsheets and barcode scanners leave in a serial number. */
export const SERIAL_SPACES = ' \t\n\v\f\r\u00a0';
const SPACES = new RegExp(`[${SERIAL_SPACES}]+`, 'g');

/** Digits alone are too few to tell machines apart: the counter of a self-built series, or a default. */
const TOO_FEW_DIGITS = /^\d{1,4}$/;

/**
 * A serial number in the form in which two are compared: without spaces (those of virtual machines contain some, and
 * are real), `a` to `z` upper-cased. The index `device_record_serial_key_index` holds the same form.
 */
export function serialKey(serialNumber: string): string {
  return serialNumber.replace(SPACES, '').replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/**
 * The comparable form of a serial number that can tell machines apart, or null for none: blank, a placeholder, one
 * character, up to four digits, or the manufacturer's or model's name in its place.
 */
export function realSerial(
  serialNumber: string | null,
  manufacturer: string | null = null,
  model: string | null = null,
): string | null {
  if (serialNumber === null) return null;
  const key = serialKey(serialNumber);
  if (key.length < 2 || TOO_FEW_DIGITS.test(key) || isPlaceholder(key)) return null;
  const isName = (name: string | null): boolean =>
    name !== null && name.length >= key.length && serialKey(name) === key;
  return isName(manufacturer) || isName(model) ? null : key;
}
