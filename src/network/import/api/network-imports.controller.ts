import type { Readable } from 'node:stream';
import { Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { columnsNamed } from '../../../common/csv-columns.js';
import { NotFoundError } from '../../../common/errors.js';
import type { Page } from '../../../common/paging.js';
import { Answers, choice, page, recordId } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { CSV_TYPE, withSentSheet, XLSX_TYPE } from '../../../web/file-uploads.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { templateHeaders } from '../domain/import-header.js';
import { IMPORTED_KINDS } from '../domain/import-words.js';
import { NETWORK_IMPORT_COLUMNS, NETWORK_IMPORT_ROW_COLUMNS } from '../network-import.columns.js';
import {
  NetworkImportQueries,
  type NetworkImportRowShown,
  type NetworkImportSummary,
} from '../network-import.queries.js';
import { NetworkImportService } from '../network-import.service.js';
import {
  NetworkImportRowsExportParameters,
  NetworkImportRowsParameters,
  NetworkImportsExportParameters,
  NetworkImportsParameters,
  NetworkStageParameters,
} from './network-imports.parameters.js';
import { networkImportRowSchema, networkImportSchema } from './network-imports.schema.js';

/** Imports of what is known of networks, for programs. */
@ApiTags('Network imports')
@Controller('api/v1/network')
export class NetworkImportsController {
  constructor(
    private readonly imports: NetworkImportService,
    private readonly queries: NetworkImportQueries,
  ) {}

  @RouteConfig({ takesSheet: true })
  @Access('network:manage', { audit: 'network-import.staged' })
  @Post('imports')
  @HttpCode(200)
  @Answers({
    summary: 'Send a file about networks and get its dry run',
    description:
      'Checks every row and compares it with what is known; nothing is changed until the import is applied. A file of which no row can be imported is refused and nothing of it is kept. Of coverage by postcode only the means of districts are kept.',
    schema: networkImportSchema,
  })
  @ApiConsumes(CSV_TYPE, XLSX_TYPE)
  @ApiBody({ required: true, schema: { type: 'string', format: 'binary' } })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key gives the same import.' })
  stage(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query() parameters: NetworkStageParameters,
    @Current() { actor }: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<NetworkImportSummary> {
    return withSentSheet(request, reply, (file) =>
      this.imports.stage(file, { ...parameters, actor, idempotencyKey: idempotencyKey(key) }),
    );
  }

  @Get('imports')
  @Access('network:manage')
  @Answers({ summary: 'List imports about networks, the latest first', schema: page(networkImportSchema) })
  list(@Query() { limit, cursor, ...filter }: NetworkImportsParameters): Promise<Page<NetworkImportSummary>> {
    return this.queries.list(filter, { limit, cursor });
  }

  @Get('imports.csv')
  @Access('network:manage')
  @AnswersCsv({ summary: 'Export imports about networks', order: 'the latest first' })
  csv(
    @Query() { columns, ...filter }: NetworkImportsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'network-imports',
      columns: columnsNamed(NETWORK_IMPORT_COLUMNS, columns) ?? NETWORK_IMPORT_COLUMNS,
      page: (request) => this.queries.list(filter, request),
    });
  }

  @Get('imports/:id')
  @Access('network:manage')
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Show an import about networks', schema: networkImportSchema, parameter: recordId('import') })
  show(@Param('id', RecordIdPipe) id: number): Promise<NetworkImportSummary> {
    return this.queries.summary(id);
  }

  @Get('imports/:id/rows')
  @Access('network:manage')
  @Answers({
    summary: 'List the rows of an import about networks, in the order of the file',
    schema: page(networkImportRowSchema),
    parameter: recordId('import'),
  })
  rows(
    @Param('id', RecordIdPipe) id: number,
    @Query() { limit, cursor, ...filter }: NetworkImportRowsParameters,
  ): Promise<Page<NetworkImportRowShown>> {
    return this.queries.rows(id, filter, { limit, cursor });
  }

  @Get('imports/:id/rows.csv')
  @Access('network:manage')
  @AnswersCsv({
    summary: 'Export the rows of an import about networks',
    order: 'in the order of the file',
    parameter: recordId('import'),
  })
  rowsFile(
    @Param('id', RecordIdPipe) id: number,
    @Query() { columns, ...filter }: NetworkImportRowsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'network-import-rows',
      columns: columnsNamed(NETWORK_IMPORT_ROW_COLUMNS, columns) ?? NETWORK_IMPORT_ROW_COLUMNS,
      page: (request) => this.queries.rows(id, filter, request),
    });
  }

  @Access('network:manage', { audit: 'network-import.applied' })
  @Post('imports/:id/apply')
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Apply an import about networks as its dry run shows it',
    description: 'Once only. 409 when it was applied before, or when what is known changed since the dry run.',
    schema: networkImportSchema,
    parameter: recordId('import'),
    refusals: [409],
  })
  apply(@Param('id', RecordIdPipe) id: number, @Current() { actor }: CurrentAccess): Promise<NetworkImportSummary> {
    return this.imports.apply(id, actor);
  }

  @Get('import-templates/:kind')
  @Access('network:manage')
  @UseGuards(NoParametersGuard)
  @AnswersCsv({
    summary: 'Get the header row of a kind of file',
    order: 'of which there are none',
    parameter: { name: 'kind', schema: choice(IMPORTED_KINDS), description: 'What the rows are about.' },
  })
  template(@Param('kind') asked: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Readable> {
    const kind = IMPORTED_KINDS.find((each) => each === asked);
    if (kind === undefined)
      throw new NotFoundError(`There is no such kind of file; there are ${IMPORTED_KINDS.join(', ')}.`);
    return sendCsv(reply, {
      name: `template-${kind.replaceAll('_', '-')}`,
      columns: templateHeaders(kind).map((header) => ({ header, value: () => '' })),
      page: () => Promise.resolve({ items: [], next: null, asOf: null }),
    });
  }
}
