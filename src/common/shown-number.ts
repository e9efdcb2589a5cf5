/** A whole number with thousands separators. */
export function shownNumber(value: number): string {
  return value.toLocaleString('en-GB');
}
