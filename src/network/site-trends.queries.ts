import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** What was measured at a site in a week; times in ms, loss in percent, speeds in kbit/s, null where nothing was. */
export interface SiteWeek {
  /** Its Monday (ISO 8601). */
  readonly week: string;
  readonly tests: number;
  readonly testRoundTripMs: number | null;
  readonly testLossPercent: number | null;
  readonly downloadKbps: number | null;
  readonly uploadKbps: number | null;
  /** Streams of calls. */
  readonly streams: number;
  readonly callRoundTripMs: number | null;
  readonly callLossPercent: number | null;
}

/** Half a year. */
const WEEKS = 26;

/** Medians of tests; of calls the 90th percentiles of the hours, each counting by its streams. Weeks begin on Mondays in the UK. */
const BY_WEEK = `
  with tested as (
    select date_trunc('week', tested_at at time zone 'Europe/London')::date as week, count(*)::integer as tests,
           round((percentile_cont(0.5) within group (order by round_trip_ms))::numeric, 1)::float8 as round_trip,
           round((percentile_cont(0.5) within group (order by loss_ratio) * 100)::numeric, 2)::float8 as loss,
           round((percentile_cont(0.5) within group (order by download_kbps))::numeric)::float8 as download,
           round((percentile_cont(0.5) within group (order by upload_kbps))::numeric)::float8 as upload
    from site_test where site_id = $1 and tested_at >= $2::timestamptz - interval '${WEEKS} weeks' group by 1),
  called as (
    select date_trunc('week', hour at time zone 'Europe/London')::date as week, sum(streams)::integer as streams,
           round((sum(round_trip_ms * streams) / nullif(sum(streams) filter (where round_trip_ms is not null), 0))::numeric, 1)::float8 as round_trip,
           round((sum(loss_ratio * streams) * 100 / nullif(sum(streams) filter (where loss_ratio is not null), 0))::numeric, 2)::float8 as loss
    from call_quality_site_hour where site_id = $1 and hour >= $2::timestamptz - interval '${WEEKS} weeks' group by 1)
  select coalesce(tested.week, called.week)::text as week, coalesce(tested.tests, 0) as tests,
         tested.round_trip as "testRoundTripMs", tested.loss as "testLossPercent", tested.download as "downloadKbps",
         tested.upload as "uploadKbps", coalesce(called.streams, 0) as streams, called.round_trip as "callRoundTripMs",
         called.loss as "callLossPercent"
  from tested full join called on called.week = tested.week
  order by 1`;

/** Reads how what is measured at a site goes week by week. */
@Injectable()
export class SiteTrendsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The weeks of the last half year in which anything was measured, the oldest first. */
  weeks(siteId: number, now: Date): Promise<SiteWeek[]> {
    return this.dataSource.query<SiteWeek[]>(BY_WEEK, [siteId, now]);
  }
}
