import { Readable } from 'node:stream';
import { Logger, applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { csvChunks, type CsvColumn } from '../common/csv.js';
import type { Page, PageRequest } from '../common/paging.js';
import { withLogFields } from '../config/logger.js';
import { AnswersProblems, instant, text, type Schema } from './api-schema.js';

/** A list as a file. */
export interface CsvExport<Row> {
  /** What the rows are, in lower-case ASCII; part of the file's name. */
  readonly name: string;
  readonly columns: readonly CsvColumn<Row>[];
  /** Reads a page of the list in an order that never changes, so that no row is left out or written twice. */
  readonly page: (request: PageRequest) => Promise<Page<Row>>;
}

/** Rows that one statement reads: few enough to keep memory flat, many enough that statements do not count. */
const BATCH_ROWS = 2_000;
/** Media type of comma-separated values (RFC 7111). */
const CSV = 'text/csv; charset=utf-8';

const logger = new Logger('Exports');

/**
 * Answers all rows of a list as a CSV file. Between two batches no connection to the database is held, so that a slow
 * or vanished reader costs nobody anything; whoever leaves ends the work after the batch that is being read. What goes
 * wrong before the first row is an ordinary error; afterwards the connection is cut, so that half a file is never taken
 * for a whole one.
 * @returns what the route's handler must return.
 */
export async function sendCsv<Row>(
  reply: FastifyReply,
  { name, columns, page }: CsvExport<Row>,
  now: Date = new Date(),
): Promise<Readable> {
  const isHead = reply.request.method === 'HEAD';
  const first = await page({ limit: isHead ? 1 : BATCH_ROWS });
  if (first.asOf !== null) void reply.header('x-data-as-of', first.asOf);
  void reply
    .type(CSV)
    .header('content-disposition', `attachment; filename="untether-${name}-${now.toISOString().slice(0, 10)}.csv"`);
  if (isHead) return Readable.from([]);
  const content = Readable.from(csvChunks(rowsFrom(first, page), columns), { objectMode: false });
  const { id } = reply.request;
  content.on('error', (error) => {
    withLogFields({ request: id }, () => logger.error(error));
    // For a reader of HTTP/1.0, such as an older proxy, an orderly end of the connection is the end of the file.
    reply.raw.socket?.resetAndDestroy();
  });
  return content;
}

async function* rowsFrom<Row>(first: Page<Row>, read: CsvExport<Row>['page']): AsyncGenerator<Row, void, undefined> {
  for (let page = first; ; page = await read({ limit: BATCH_ROWS, cursor: page.next })) {
    yield* page.items;
    if (page.next === null) return;
  }
}

/** What the API's description says of a route that answers with a CSV file. */
export function AnswersCsv(options: {
  readonly summary: string;
  /** The order of the rows, in words. */
  readonly order: string;
  readonly parameter?: { readonly name: string; readonly schema: Schema; readonly description: string };
}): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: options.summary,
      description:
        `All rows that match, ${options.order}: UTF-8 with a byte order mark, one row of headings, times in UTC. Every ` +
        'row that is there throughout is in the file once, as it was when it was written. A text that a spreadsheet ' +
        'could take for a formula begins with an apostrophe. A connection that ends early means that the file is not whole.',
    }),
    ApiOkResponse({
      description: 'The file.',
      content: { 'text/csv': { schema: text() } },
      headers: {
        'x-data-as-of': {
          description:
            'When the sources of the list last succeeded, the oldest of them; not there before the first time.',
          schema: instant(),
        },
        'content-disposition': { description: 'The name of the file, with the day (UTC).', schema: text() },
      },
    }),
    ...(options.parameter ? [ApiParam(options.parameter)] : []),
    AnswersProblems(options.parameter ? [400, 404, 503] : [400, 503]),
  );
}
