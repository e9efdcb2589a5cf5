const PARTS = ['day', 'month', 'year'] as const;

/**
 * Puts the three parts of each date field together: `wiped-day`, `wiped-month` and `wiped-year` become `wiped`, as
 * year-month-day in the digits that were typed; nothing typed is undefined. A form without them is left as it is.
 * @param fields of a form, an object without a prototype.
 */
export function withWholeDays(fields: object, names: readonly string[]): object {
  const given = fields as Readonly<Record<string, unknown>>;
  const dates = names.filter((name) => !(name in given) && PARTS.every((part) => `${name}-${part}` in given));
  if (dates.length === 0) return fields;
  const parts = new Set(dates.flatMap((name) => PARTS.map((part) => `${name}-${part}`)));
  const whole = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(given)) if (!parts.has(name)) whole[name] = value;
  for (const name of dates) {
    const [day, month, year] = PARTS.map((part) => given[`${name}-${part}`]);
    const typed = [year, month, day].map((part) => (typeof part === 'string' ? part.trim() : '?'));
    whole[name] = typed.every((part) => part === '') ? undefined : typed.join('-');
  }
  return whole;
}

/** A day in the form `2026-11-23` from digits as people type them; anything else is left as it is. */
export function wholeDay(value: unknown): unknown {
  const [, year = '', month = '', day = ''] =
    typeof value === 'string' ? (/^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(value) ?? []) : [];
  return year === '' ? value : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
