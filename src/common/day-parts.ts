/** A day such as `2026-11-23` in the parts of a date field; empty parts for none. */
export function dayParts(day: string | null): { readonly day: string; readonly month: string; readonly year: string } {
  const [year = '', month = '', date = ''] = (day ?? '').split('-');
  return { day: date, month, year };
}
