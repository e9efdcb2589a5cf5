import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { columnsNamed, type NamedColumn } from '../../../common/csv-columns.js';
import { londonDay } from '../../../common/uk-time.js';
import type { Count } from '../../../database/bounded-count.js';
import { sendCsv } from '../../../web/csv-export.js';
import { withProvenance } from '../day-lists.columns.js';
import type { DayList, OnDay } from '../day-lists.queries.js';
import { oldestOf, ProgrammeDayQueries } from '../programme-day.queries.js';

/** Lists as at a day as files that say themselves what they are. */
@Injectable()
export class DayFiles {
  constructor(private readonly days: ProgrammeDayQueries) {}

  /** Answers the rows of a list that match; the day is in the name of the file and, with all else, in each of its rows. */
  async send<Row, Filter extends object>(
    reply: FastifyReply,
    name: string,
    list: DayList<Row, Filter, 'id'>,
    filter: OnDay<Filter>,
    columns: readonly NamedColumn<Row>[],
    chosen: string | undefined,
  ): Promise<Readable> {
    const now = new Date();
    const day = (await this.days.of(filter.on, now))?.day ?? londonDay(now);
    const given = Object.entries({ ...filter, on: day }).filter(([, value]) => value !== undefined);
    const [matching, all, age] = await Promise.all([
      list.count(filter),
      list.count({ on: day } as OnDay<Filter>),
      this.days.dataAge(day, now),
    ]);
    return sendCsv(reply, {
      name: `${name}-at-${day}`,
      columns: withProvenance(columnsNamed(columns, chosen) ?? columns, {
        asAt: day,
        exportedAt: now.toISOString(),
        dataAsOf: oldestOf(age),
        query: new URLSearchParams(given.map(([field, value]): [string, string] => [field, String(value)])).toString(),
        leavesOut: leftOut(matching, all),
      }),
      page: (request) => list.page({ ...filter, on: day }, request, 'id'),
    });
  }
}

function leftOut(matching: Count, all: Count): string {
  if (matching === null || all === null || all.more) return 'What the query does not match';
  return matching.rows === all.rows
    ? 'Nothing'
    : `${all.rows - matching.rows} of ${all.rows} that the query does not match`;
}
