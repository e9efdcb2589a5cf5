const ISO = /^(\d{4}-\d{2}-\d{2})(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?Z)?$/;

/**
 * Whether a text is a day (`2026-11-23`) or a time in UTC (`2026-11-23T09:30:00Z`) that exists. JavaScript and Postgres
 * take other texts for something too, and one of them 2026-02-30.
 */
export function isInstant(text: string): boolean {
  const day = ISO.exec(text)?.[1];
  if (day === undefined || day.startsWith('0000')) return false;
  const midnight = new Date(`${day}T00:00:00Z`);
  // A day past the end of its month moves into the next one.
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

/**
 * The instant that a text names, a day standing for its beginning in UTC; null when it is not one or lies outside the
 * years 1900 to 2199, where a slip of the hand is likelier than a wish.
 */
export function parseInstant(text: string): Date | null {
  return isInstant(text) && text >= '1900' && text < '2200' ? new Date(text) : null;
}

/** Whether a text is a day that exists, such as `2026-11-23`, in the years 1900 to 2199. */
export function isDay(text: string): boolean {
  return text.length === 10 && parseInstant(text) !== null;
}
