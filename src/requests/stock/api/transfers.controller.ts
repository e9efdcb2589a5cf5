import type { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { columnsNamed } from '../../../common/csv-columns.js';
import { NotFoundError } from '../../../common/errors.js';
import type { Page } from '../../../common/paging.js';
import { Answers, list, page, record, recordId, whole } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { versionIn } from '../../../web/if-match.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { unlessChanged } from '../../../web/unless-changed.js';
import { MachineTransfersService } from '../machine-transfers.service.js';
import { TRANSFER_COLUMNS } from '../stock.columns.js';
import { TransfersQueries, type StockTransferView, type TransferredMachine } from '../transfers.queries.js';
import { TransfersService } from '../transfers.service.js';
import {
  ArrivalBody,
  LossBody,
  MachineLossBody,
  MachinesBody,
  MachineTransferBody,
  TransferBody,
} from './stock-bodies.js';
import { TransfersExportParameters, TransfersParameters } from './stock.parameters.js';
import { addedSchema, transferredMachineSchema, transferSchema } from './stock.schema.js';

const KEY = { name: 'Idempotency-Key', required: false, description: 'The same key is done once.' };
const IF_MATCH = { name: 'If-Match', required: true, description: 'ETag of the transfer that was looked at.' };
const PART = {
  description: '409 when fewer are on their way; 412 when it was changed since, 428 without `If-Match`.',
  schema: transferSchema,
  parameter: recordId('transfer'),
  refusals: [409],
};

/** Stock on its way from one place to another. */
@ApiTags('Stock')
@Controller('api/v1/stock')
export class TransfersController {
  constructor(
    private readonly queries: TransfersQueries,
    private readonly transfers: TransfersService,
    private readonly machines: MachineTransfersService,
  ) {}

  @Get('transfers')
  @Access('requests:read')
  @Answers({ summary: 'List transfers, the latest first', schema: page(transferSchema) })
  list(@Query() { limit, cursor, ...filter }: TransfersParameters): Promise<Page<StockTransferView>> {
    return this.queries.page(filter, { limit, cursor });
  }

  @Get('transfers.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export transfers', order: 'the latest first' })
  csv(
    @Query() { columns, ...filter }: TransfersExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'stock-transfers',
      columns: columnsNamed(TRANSFER_COLUMNS, columns) ?? TRANSFER_COLUMNS,
      page: (request) => this.queries.page(filter, request),
    });
  }

  @Post('transfers')
  @Access('stock:write', { audit: 'stock-transfer.sent' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Send accessories to another place',
    description: '409 when fewer are free.',
    schema: addedSchema,
    status: 201,
    refusals: [409, 422],
  })
  @ApiHeader(KEY)
  send(
    @Body() { productId, fromPlaceId, toPlaceId, quantity, tracking }: TransferBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly id: number }> {
    const input = { productId, fromPlaceId, toPlaceId, quantity, tracking: tracking ?? null };
    return this.transfers.send(input, idempotencyKey(key), access.actor);
  }

  @Post('machine-transfers')
  @Access('stock:write', { audit: 'stock-transfer.sent' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Send machines to another place; custody holds them back on their way',
    description: 'One transfer for each product and place that they are at. 409 when some are promised.',
    schema: record({ transferIds: list(whole()) }),
    status: 201,
    refusals: [409, 422],
  })
  @ApiHeader(KEY)
  sendMachines(
    @Body() { deviceIds, toPlaceId, tracking }: MachineTransferBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly transferIds: readonly number[] }> {
    return this.machines.send({ deviceIds, toPlaceId, tracking: tracking ?? null }, idempotencyKey(key), access);
  }

  @Get('transfers/:id')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show a transfer',
    description: 'The ETag begins with the version; send it as `If-Match` with what arrived or was lost.',
    schema: transferSchema,
    parameter: recordId('transfer'),
  })
  async one(
    @Param('id', RecordIdPipe) id: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StockTransferView> {
    const transfer = await this.queries.one(id);
    if (transfer === null) throw new NotFoundError('There is no such transfer.');
    void reply.header('etag', `"${transfer.version}"`);
    return transfer;
  }

  @Get('transfers/:id/machines')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'List the machines of a transfer',
    schema: list(transferredMachineSchema),
    parameter: recordId('transfer'),
  })
  async machinesOf(@Param('id', RecordIdPipe) id: number): Promise<TransferredMachine[]> {
    if ((await this.queries.one(id)) === null) throw new NotFoundError('There is no such transfer.');
    return this.queries.machines(id);
  }

  @Post('transfers/:id/arrival')
  @Access('stock:write', { audit: 'stock-transfer.arrived' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Record that accessories arrived, all of them or some', ...PART })
  @ApiHeader(IF_MATCH)
  async arrive(
    @Param('id', RecordIdPipe) id: number,
    @Body() { quantity }: ArrivalBody,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<StockTransferView> {
    await unlessChanged(this.transfers.arrive(id, quantity, versionIn(ifMatch, 'transfer'), access.actor));
    return this.one(id, reply);
  }

  @Post('transfers/:id/loss')
  @Access('stock:write', { audit: 'stock-transfer.lost' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Record that accessories will not arrive', ...PART })
  @ApiHeader(IF_MATCH)
  async lose(
    @Param('id', RecordIdPipe) id: number,
    @Body() { quantity, reason }: LossBody,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<StockTransferView> {
    await unlessChanged(this.transfers.lose(id, quantity, reason, versionIn(ifMatch, 'transfer'), access.actor));
    return this.one(id, reply);
  }

  @Post('transfers/:id/machines/arrival')
  @Access('stock:write', { audit: 'stock-transfer.arrived' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Record that machines arrived: they are released at the place', ...PART, refusals: [409, 422] })
  @ApiHeader(IF_MATCH)
  async arriveMachines(
    @Param('id', RecordIdPipe) id: number,
    @Body() { deviceIds }: MachinesBody,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<StockTransferView> {
    await unlessChanged(this.machines.arrive(id, deviceIds, versionIn(ifMatch, 'transfer'), access));
    return this.one(id, reply);
  }

  @Post('transfers/:id/machines/loss')
  @Access('stock:write', { audit: 'stock-transfer.lost' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Record that machines will not arrive; what became of them is for their custody to say',
    ...PART,
    refusals: [409, 422],
  })
  @ApiHeader(IF_MATCH)
  async loseMachines(
    @Param('id', RecordIdPipe) id: number,
    @Body() { deviceIds, reason }: MachineLossBody,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<StockTransferView> {
    await unlessChanged(this.machines.lose(id, deviceIds, reason, versionIn(ifMatch, 'transfer'), access));
    return this.one(id, reply);
  }
}
