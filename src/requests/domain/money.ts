const POUNDS = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP' });
const WHOLE_POUNDS = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP', maximumFractionDigits: 0 });

/** An amount as people read it: `£1,234.50`, and `£900` without pence when there are none. @param pence whole pence */
export function shownPounds(pence: number): string {
  return (pence % 100 === 0 ? WHOLE_POUNDS : POUNDS).format(pence / 100);
}

const TYPED = /^£?(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:\.(\d{1,2}))?$/;

/** The pence of an amount as people type it: `£1,234.50` or `900`; null for a text that is none. */
export function penceOf(text: string): number | null {
  const [, pounds, pence = ''] = TYPED.exec(text) ?? [];
  return pounds === undefined ? null : Number(pounds.replaceAll(',', '')) * 100 + Number(pence.padEnd(2, '0'));
}

/** An amount in pounds as files and fields have it, such as `1234.50`; null stays null. @param pence whole pence */
export function poundsOf(pence: number | null): string | null {
  return pence === null ? null : (pence / 100).toFixed(2);
}
