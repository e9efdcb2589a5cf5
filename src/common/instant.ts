const ISO = /^(\d{4}-\d{2}-\d{2})(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?Z)?$/;

/**
 * The instant that a text names: a day (`2026-11-23`, its beginning in UTC) or a time in UTC
 * (`2026-11-23T09:30:00Z`) between the years 1900 and 2199. Null for everything else, days that do not exist
 * (2026-02-30) and times without a zone included, which JavaScript or Postgres would take for something.
 */
export function parseInstant(text: string): Date | null {
  const day = ISO.exec(text)?.[1];
  if (day === undefined || day < '1900' || day >= '2200') return null;
  const midnight = new Date(`${day}T00:00:00Z`);
  // A day past the end of its month moves into the next one.
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return null;
  return text === day ? midnight : new Date(text);
}
