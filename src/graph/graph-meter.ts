/** What a caller's reads have cost so far. The caller makes one and hands it to each read; all figures only grow. */
export class GraphMeter {
  /** HTTP requests sent, retries included. */
  requests = 0;
  /** Requests that repeated an earlier one. */
  retries = 0;
  /** Cost in Microsoft's ResourceUnits: their own figure where they give one, else by their table. */
  resourceUnits = 0;
  /** Time spent waiting because the service had asked for a pause. */
  throttledMilliseconds = 0;
  /** Bytes of answers after decompression. */
  bytes = 0;
  /** The last `x-ms-throttle-limit-percentage` (0.8 to 1.8, sent only above 0.8), or null when none came. */
  throttleLimitPercentage: number | null = null;

  /** Notes the cost that one answer reports of itself. */
  recordAnswer(url: string, headers: Headers, bytes: number): void {
    this.bytes += bytes;
    const units = Number(headers.get('x-ms-resource-unit') ?? Number.NaN);
    this.resourceUnits += Number.isFinite(units) && units > 0 ? units : resourceUnitsOf(url);
    const percentage = Number(headers.get('x-ms-throttle-limit-percentage') ?? Number.NaN);
    if (Number.isFinite(percentage)) this.throttleLimitPercentage = percentage;
  }
}

/**
 * The documented cost of a GET in ResourceUnits (learn.microsoft.com/graph/throttling-limits, "Identity and access
 * service limits"): users 2, subscribedSkus 3, others 1; `$select` one less, `$expand` one more, `$top` under 20 one
 * less, never below one.
 */
export function resourceUnitsOf(url: string): number {
  const { pathname, searchParams } = new URL(url);
  const path = pathname.replace(/^\/(v1\.0|beta)/, '');
  let units = 1;
  if (/^\/users(\/delta(\(\))?)?\/?$/.test(path)) units = 2;
  if (/^\/subscribedSkus\/?$/.test(path)) units = 3;
  if (searchParams.has('$select')) units -= 1;
  if (searchParams.has('$expand')) units += 1;
  const top = Number(searchParams.get('$top') ?? Number.NaN);
  if (top > 0 && top < 20) units -= 1;
  return Math.max(1, units);
}
