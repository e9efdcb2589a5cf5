const POUNDS = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP' });
const WHOLE_POUNDS = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP', maximumFractionDigits: 0 });

/** An amount as people read it: `£1,234.50`, and `£900` without pence when there are none. @param pence whole pence */
export function shownPounds(pence: number): string {
  return (pence % 100 === 0 ? WHOLE_POUNDS : POUNDS).format(pence / 100);
}
