import type { Readable } from 'node:stream';
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { columnsNamed } from '../../../common/csv-columns.js';
import type { Page } from '../../../common/paging.js';
import { Answers, page, recordId } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { IMPORT_COLUMNS, IMPORT_ROW_COLUMNS } from '../import.columns.js';
import { ImportListQueries, type ListedImport } from '../import-list.queries.js';
import { ImportRowsExportParameters, ImportsExportParameters, ImportsParameters } from './import-lists.parameters.js';
import { importSchema } from './imports.schema.js';

/** Past imports as lists and files. */
@ApiTags('Imports')
@Controller('api/v1')
export class ImportListsController {
  constructor(private readonly imports: ImportListQueries) {}

  @Get('imports')
  @Access('register:import')
  @Answers({ summary: 'List imports, the latest first', schema: page(importSchema) })
  list(@Query() { limit, cursor, ...filter }: ImportsParameters): Promise<Page<ListedImport>> {
    return this.imports.list(filter, { limit, cursor });
  }

  @Get('imports.csv')
  @Access('register:import')
  @AnswersCsv({ summary: 'Export imports', order: 'the latest first' })
  csv(
    @Query() { columns, ...filter }: ImportsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'imports',
      columns: columnsNamed(IMPORT_COLUMNS, columns) ?? IMPORT_COLUMNS,
      page: (request) => this.imports.list(filter, request),
    });
  }

  @Get('imports/:id/rows.csv')
  @Access('register:import')
  @AnswersCsv({
    summary: 'Export the rows of an import',
    order: 'in the order of the file',
    parameter: recordId('import'),
  })
  rows(
    @Param('id', RecordIdPipe) id: number,
    @Query() { columns, ...filter }: ImportRowsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'import-rows',
      columns: columnsNamed(IMPORT_ROW_COLUMNS, columns) ?? IMPORT_ROW_COLUMNS,
      page: (request) => this.imports.rows(id, filter, request),
    });
  }
}
