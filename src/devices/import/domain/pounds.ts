/** An amount in pence, or why the text is none. */
export type MoneyReading =
  | { readonly ok: true; readonly pence: number }
  | { readonly ok: false; readonly message: string; readonly fix: string };

/** One machine does not cost more than ten million pounds; a larger figure is a slip. */
const MOST_PENCE = 1_000_000_000;
const AMOUNT = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?$/;
/** What Excel makes of 899.99 in a workbook: 899.99000000000001. */
const BINARY_FRACTION = /^\d{1,9}\.\d{3,20}$/;
const FIX = 'Write the price in pounds, such as 1234.50 or £1,234.50.';

function refusal(message: string): MoneyReading {
  return { ok: false, message, fix: FIX };
}

/**
 * Reads an amount in pounds sterling: `£1,234.50`, `GBP 1234.5` or `900`. Negative amounts, other currencies, continental
 * commas and exponents are refused.
 * @param isNumber whether the workbook stores the cell as a number
 */
export function readPounds(text: string, isNumber = false): MoneyReading {
  if (/[€$¥]|\b(?:EUR|USD)\b/i.test(text)) return refusal('The price is not in pounds sterling.');
  const amount = text
    .replace(/^(?:£|GBP)/i, '')
    .replace(/GBP$/i, '')
    .trim();
  if (/^[-(−]/.test(amount)) return refusal('The price is negative.');
  let pence: number;
  const plain = AMOUNT.exec(amount);
  if (plain) {
    pence = Number((plain[1] ?? '').replaceAll(',', '')) * 100 + Number((plain[2] ?? '').padEnd(2, '0'));
  } else if (
    isNumber &&
    BINARY_FRACTION.test(amount) &&
    Math.abs(Number(amount) * 100 - Math.round(Number(amount) * 100)) < 1e-4
  ) {
    pence = Math.round(Number(amount) * 100);
  } else {
    return refusal('This is not an amount in pounds and pence.');
  }
  return pence <= MOST_PENCE ? { ok: true, pence } : refusal('The price is more than £10,000,000.');
}
