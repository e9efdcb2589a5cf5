const DURATION = /^P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const MILLISECONDS = [86_400_000, 3_600_000, 60_000, 1_000];

/** Milliseconds of an ISO 8601 duration of days and less, such as `PT0.061S`; null for anything else. */
export function durationMilliseconds(value: unknown): number | null {
  const parts = typeof value === 'string' ? DURATION.exec(value)?.slice(1) : undefined;
  if (parts === undefined || parts.every((part) => part === undefined)) return null;
  const total = parts.reduce((sum, part, index) => sum + Number(part ?? 0) * (MILLISECONDS[index] ?? 0), 0);
  // Thousandths of a millisecond: sums of decimal fractions carry noise beyond them.
  return Math.round(total * 1_000) / 1_000;
}
