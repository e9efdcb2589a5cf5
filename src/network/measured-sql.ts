/** SQL of figures out of measurements, in the shapes and units of `domain/media-findings.ts`. */

/** The median, between two the worse one, of what is better the smaller. Three decimals, so that binary fractions do not show. */
function worseMedian(expression: string, counts: string): string {
  return `round((percentile_disc(0.5) within group (order by ${expression} desc) filter (where ${counts}))::numeric, 3)::float8`;
}

/** The median of a speed, between two the slower one. */
function slowerMedian(column: string, counts: string): string {
  return `percentile_disc(0.5) within group (order by ${column}) filter (where ${counts})`;
}

/**
 * Columns of a `CheckedLine` over rows of `connection_check`.
 * @param since parameter with the time since when they count, such as `$2`
 * @param sample what is counted as a sample: every check, or everybody who checked
 */
export function checkedLine(since: string, sample: '*' | 'distinct person_entra_id' = '*'): string {
  const counts = `checked_at >= ${since}::timestamptz`;
  return `
    max(checked_at) as "measuredAt",
    (count(${sample}) filter (where ${counts}))::int as samples,
    ${worseMedian('round_trip_ms', counts)} as "roundTripMs",
    ${worseMedian('jitter_ms', counts)} as "jitterMs",
    ${worseMedian('late_ratio * 100', counts)} as "lossPercent",
    ${slowerMedian('download_kbps', counts)} as "downloadKbps",
    ${slowerMedian('upload_kbps', counts)} as "uploadKbps",
    ${worseMedian('loaded_round_trip_ms - round_trip_ms', `${counts} and loaded_round_trip_ms is not null`)} as "loadedGrowthMs"`;
}

/**
 * Columns of `SiteTests` over rows of `site_test`. The points of Microsoft’s assessment take the median of Exchange and the
 * 25th percentile of SharePoint.
 * @param since parameter with the time since when they count, such as `$2`
 */
export function siteTests(since: string): string {
  const counts = `tested_at >= ${since}::timestamptz`;
  return `
    max(tested_at) as "measuredAt",
    (count(*) filter (where ${counts}))::int as samples,
    ${worseMedian('round_trip_ms', counts)} as "roundTripMs",
    ${worseMedian('jitter_ms', counts)} as "jitterMs",
    ${worseMedian('loss_ratio * 100', counts)} as "lossPercent",
    ${slowerMedian('download_kbps', counts)} as "downloadKbps",
    ${slowerMedian('upload_kbps', counts)} as "uploadKbps",
    ${worseMedian('exchange_round_trip_ms', counts)} as "exchangeRoundTripMs",
    round((percentile_disc(0.25) within group (order by sharepoint_megabytes_per_second)
      filter (where ${counts}))::numeric, 3)::float8 as "sharepointMegabytesPerSecond"`;
}

/**
 * Columns of a `MeasuredMedia` but its time, over rows of call quality: each row is a 90th percentile and counts by its
 * streams.
 * @param counts condition of the rows that count
 */
export function callMedia(counts: string): string {
  const weighted = (column: string, factor = 1): string => {
    const known = `filter (where ${counts} and ${column} is not null)`;
    return `round((sum(${column} * streams) ${known} * ${factor} / nullif(sum(streams) ${known}, 0))::numeric, 3)::float8`;
  };
  return `
    (coalesce(sum(streams) filter (where ${counts}), 0))::int as samples,
    ${weighted('round_trip_ms')} as "roundTripMs",
    ${weighted('jitter_ms')} as "jitterMs",
    ${weighted('loss_ratio', 100)} as "lossPercent"`;
}
