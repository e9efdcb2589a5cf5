import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiTags } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import type { Readable } from 'node:stream';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError } from '../../../common/errors.js';
import type { Page } from '../../../common/paging.js';
import { Answers, recordId } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { membersOf, objectIn } from '../../../web/json-body.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { PageParameters } from '../../../web/query-fields.js';
import { MOST_MACHINES, readSelection, selectionOfIds, type SelectedLine } from '../../domain/lifecycle/selection.js';
import { BULK_COLUMNS } from '../bulk.columns.js';
import { BulkQueries, type BulkView } from '../bulk.queries.js';
import { BulkService } from '../bulk.service.js';
import { CUSTODY_AUDIT_EVENTS } from '../custody-audit.js';
import { CustodyQueries, type ContestedCustody } from '../custody.queries.js';
import { ReceivingService, type DeliveryOutcome } from '../receiving.service.js';
import { choiceIn, commandNamed, inputIn } from './custody-body.js';
import {
  bulkBodySchema,
  bulkSchema,
  contradictionsSchema,
  deliveryBodySchema,
  deliverySchema,
} from './custody.schema.js';

const MODES = ['check', 'rest', 'all'] as const;
/** A thousand lines of a delivery, each with all that can be said of a machine. */
const DELIVERY_BYTES = 1_048_576;

/** The commands of custody on many machines, deliveries, and what is to be looked after. */
@ApiTags('Custody')
@Controller('api/v1/custody')
export class CustodyBulkController {
  constructor(
    private readonly bulk: BulkService,
    private readonly bulkActions: BulkQueries,
    private readonly receiving: ReceivingService,
    private readonly custody: CustodyQueries,
  ) {}

  @Access('custody:write', { audit: ['custody.bulk-checked', 'custody.bulk-done', ...CUSTODY_AUDIT_EVENTS] })
  @Post('bulk')
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Check a command on up to 1,000 machines, and carry it out',
    description:
      'With the mode `check` it only says of every machine what would become of it, under an id by which it is carried ' +
      'out later. `rest` does what can be done, `all` does all or nothing. The same rules as for one machine.',
    schema: bulkSchema,
  })
  @ApiBody({ schema: bulkBodySchema })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  async check(
    @Body() body: unknown,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<BulkView> {
    const sent = membersOf(body, ['command', 'input', 'devices', 'machines', 'mode']);
    const command = commandNamed(sent['command']);
    const mode = choiceIn(sent['mode'] ?? 'check', 'mode', MODES);
    const request = { command, input: inputIn(command, objectIn(sent['input'] ?? {})), lines: linesIn(sent) };
    const checked = await this.bulk.check({ ...request, idempotencyKey: idempotencyKey(key) }, access);
    // Sent a second time under its key it was done before, and what came of it is the answer.
    const now = await this.bulkActions.one(checked.id, access.actor);
    if (mode !== 'check' && now.state === 'checked') await this.bulk.carryOut(checked.id, mode, access);
    return this.bulkActions.one(checked.id, access.actor);
  }

  @Access('custody:write', { audit: ['custody.bulk-done', ...CUSTODY_AUDIT_EVENTS] })
  @Post('bulk/:id')
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Carry out a command that was checked',
    description: 'Once. 409 when it was done before.',
    schema: bulkSchema,
    parameter: recordId('bulk action'),
  })
  @ApiBody({
    schema: { type: 'object', required: ['mode'], properties: { mode: { type: 'string', enum: ['rest', 'all'] } } },
  })
  async carryOut(
    @Param('id', RecordIdPipe) id: number,
    @Body() body: unknown,
    @Current() access: CurrentAccess,
  ): Promise<BulkView> {
    const mode = choiceIn(membersOf(body, ['mode'])['mode'], 'mode', ['rest', 'all']);
    await this.bulk.carryOut(id, mode, access);
    return this.bulkActions.one(id, access.actor);
  }

  @Access('custody:write')
  @Get('bulk/:id')
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Show a bulk action of the caller', schema: bulkSchema, parameter: recordId('bulk action') })
  one(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<BulkView> {
    return this.bulkActions.one(id, access.actor);
  }

  @Access('custody:write')
  @Get('bulk/:id/lines.csv')
  @UseGuards(NoParametersGuard)
  @AnswersCsv({
    summary: 'What became of every line of a bulk action, as a file',
    order: 'in the order in which they were sent',
    parameter: recordId('bulk action'),
  })
  async file(
    @Param('id', RecordIdPipe) id: number,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    const { lines } = await this.bulkActions.one(id, access.actor);
    const page = async (): Promise<Page<BulkView['lines'][number]>> => ({ items: lines, next: null, asOf: null });
    return sendCsv(reply, { name: `bulk-action-${id}`, columns: BULK_COLUMNS, page });
  }

  @Access('stock:write', { audit: ['device.received', 'device.ordered'] })
  @Post('deliveries')
  @HttpCode(200)
  @RouteConfig({ bodyBytes: DELIVERY_BYTES })
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Receive a delivery of up to 1,000 machines, or put it on order',
    description: 'With the mode `check` nothing is stored; `all` receives all or nothing, `rest` what can be received.',
    schema: deliverySchema,
  })
  @ApiBody({ schema: deliveryBodySchema })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  receive(
    @Body() body: unknown,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<DeliveryOutcome> {
    const sent = membersOf(body, ['command', 'input', 'lines', 'mode']);
    const command = choiceIn(sent['command'] ?? 'receive', 'command', ['receive', 'order']);
    const input = inputIn(command, objectIn(sent['input'] ?? {}));
    const { lines } = sent;
    if (!Array.isArray(lines)) {
      throw new InputError('Put the request right.', [{ field: 'lines', message: 'give a list of machines' }], 400);
    }
    const mode = choiceIn(sent['mode'] ?? 'all', 'mode', MODES);
    const delivery = { command, input, lines: lines.map(objectIn), mode, idempotencyKey: idempotencyKey(key) };
    return this.receiving.receive(delivery, access);
  }

  @Access('estate:read')
  @Get('contradictions')
  @Answers({ summary: 'List machines with custodies that contradict each other', schema: contradictionsSchema })
  contradicting(@Query() parameters: PageParameters): Promise<Page<ContestedCustody>> {
    return this.custody.contradictions(parameters);
  }
}

/** The machines that a request names: by their ids, or as somebody pasted or scanned them. */
function linesIn(sent: Readonly<Record<string, unknown>>): SelectedLine[] {
  const { devices, machines } = sent;
  if (typeof machines === 'string' && devices === undefined) return readSelection(machines);
  const isId = (id: unknown): id is number => Number.isInteger(id) && (id as number) > 0 && (id as number) < 2 ** 31;
  if (machines === undefined && Array.isArray(devices) && devices.length <= MOST_MACHINES && devices.every(isId)) {
    return selectionOfIds(devices);
  }
  const message = `give up to ${MOST_MACHINES} ids in devices, or a text in machines, and not both`;
  throw new InputError('Put the request right.', [{ field: 'devices', message }], 400);
}
