import type { Readable } from 'node:stream';
import { Controller, Get, Param, Query, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access, SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { columnsNamed } from '../../../common/csv-columns.js';
import { NotFoundError } from '../../../common/errors.js';
import type { Page } from '../../../common/paging.js';
import { Answers, page, recordId } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { CatalogueQueries, type Catalogue } from '../catalogue.queries.js';
import { askingPerson } from '../own-request.queries.js';
import { RequestAccessQueries } from '../request-access.queries.js';
import { REQUEST_COLUMNS } from '../requests.columns.js';
import { RequestsQueries, type RequestSummary } from '../requests.queries.js';
import { WholeRequestQueries, type WholeRequest } from '../whole-request.queries.js';
import {
  OwnRequestsExportParameters,
  OwnRequestsParameters,
  RequestsExportParameters,
  RequestsParameters,
} from './requests.parameters.js';
import { catalogueSchema, requestSummary, wholeRequest } from './requests.schema.js';

/** Requests for equipment, and what can be asked for. */
@ApiTags('Requests')
@Controller('api/v1')
export class RequestsController {
  constructor(
    private readonly requests: RequestsQueries,
    private readonly whole: WholeRequestQueries,
    private readonly access: RequestAccessQueries,
    private readonly catalogue: CatalogueQueries,
  ) {}

  @Get('requests')
  @Access('requests:read')
  @Answers({ summary: 'List the requests that were submitted', schema: page(requestSummary) })
  list(@Query() { limit, cursor, sort, ...filter }: RequestsParameters): Promise<Page<RequestSummary>> {
    return this.requests.page(filter, { limit, cursor }, sort);
  }

  @Get('requests.csv')
  @Access('requests:read')
  @AnswersCsv({ summary: 'Export the requests that were submitted', order: 'by number' })
  csv(
    @Query() { columns, ...filter }: RequestsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'requests',
      columns: columnsNamed(REQUEST_COLUMNS, columns) ?? REQUEST_COLUMNS,
      page: (request) => this.requests.page(filter, request, 'id'),
    });
  }

  @Get('requests/mine')
  @SignedIn()
  @Answers({
    summary: 'List the requests that you made, that are for you, or that are for people below you',
    schema: page(requestSummary),
  })
  own(
    @Query() { whose = 'mine', state, limit, cursor }: OwnRequestsParameters,
    @Current() access: CurrentAccess,
  ): Promise<Page<RequestSummary>> {
    return this.requests.own(askingPerson(access), { whose, state }, { limit, cursor });
  }

  @Get('requests/mine.csv')
  @SignedIn()
  @AnswersCsv({
    summary: 'Export the requests that you made, that are for you, or that are for people below you',
    order: 'newest first',
  })
  ownCsv(
    @Query() { whose = 'mine', state, columns }: OwnRequestsExportParameters,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    const person = askingPerson(access);
    return sendCsv(reply, {
      name: 'my-requests',
      columns: columnsNamed(REQUEST_COLUMNS, columns) ?? REQUEST_COLUMNS,
      page: (request) => this.requests.own(person, { whose, state }, request),
    });
  }

  @Get('requests/catalogue')
  @SignedIn()
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show what can be asked for, with prices, stock and usual waiting times',
    schema: catalogueSchema,
  })
  offered(): Promise<Catalogue> {
    return this.catalogue.offered();
  }

  @Get('requests/:id')
  @SignedIn()
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show a request, as far as you may see it',
    description: 'The ETag begins with the version; send it as `If-Match` with a change.',
    schema: wholeRequest,
    parameter: recordId('request'),
  })
  async one(
    @Param('id', RecordIdPipe) id: number,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WholeRequest> {
    const sight = await this.access.of(id, access);
    if (sight === null) throw new NotFoundError('There is no such request that you may see.');
    const request = await this.whole.one(sight, access.personEntraId);
    void reply.header('etag', `"${request.version}"`);
    return request;
  }
}
