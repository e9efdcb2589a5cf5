import type { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { columnsNamed } from '../../../common/csv-columns.js';
import { NotFoundError } from '../../../common/errors.js';
import type { Page } from '../../../common/paging.js';
import { Answers, list, page, record, recordId, whole } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { ReasonBody } from '../../../web/reason.parameters.js';
import { MovesQueries } from '../../moves.queries.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { APPLICATION_COLUMNS } from '../applications.columns.js';
import { ApplicationsQueries, type RolloutApplicationView } from '../applications.queries.js';
import { ApplicationsService } from '../applications.service.js';
import { WaiversQueries, type Waiver } from '../waivers.queries.js';
import { WaiversService } from '../waivers.service.js';
import { ApplicationBody, ApplicationChangeBody, WaiverBody } from './readiness-bodies.js';
import { ApplicationsExportParameters, ApplicationsParameters } from './readiness-lists.parameters.js';
import { applicationSchema, waiverSchema } from './readiness.schema.js';

const NOTHING: Page<RolloutApplicationView> = { items: [], next: null, asOf: null };

/** Waivers of rules, and the list of applications. */
@ApiTags('Rollout')
@Controller('api/v1')
export class ReadinessCommandsController {
  constructor(
    private readonly programmes: ProgrammeQueries,
    private readonly moves: MovesQueries,
    private readonly waiverQueries: WaiversQueries,
    private readonly waivers: WaiversService,
    private readonly applicationQueries: ApplicationsQueries,
    private readonly applications: ApplicationsService,
  ) {}

  @Get('moves/:id/waivers')
  @Access('rollout:read', { own: 'move' })
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'List the waivers of a move, those that hold first',
    schema: list(waiverSchema),
    parameter: recordId('move'),
  })
  async ofMove(@Param('id', RecordIdPipe) id: number): Promise<readonly Waiver[]> {
    const [move] = await this.moves.some([id]);
    if (move === undefined) throw new NotFoundError('There is no move with this number.');
    return this.waiverQueries.ofMove(id);
  }

  @Post('moves/:id/waivers')
  @Access('rollout:manage', { audit: 'waiver.granted' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Let a rule not stop a move until a day',
    description: '403 for one’s own move and for a token of a service, 409 when the rule is waived already.',
    schema: record({ waiverId: whole() }),
    parameter: recordId('move'),
    status: 201,
    refusals: [409],
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  grant(
    @Param('id', RecordIdPipe) moveId: number,
    @Body() body: WaiverBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly waiverId: number }> {
    return this.waivers.grant({ ...body, moveId, idempotencyKey: idempotencyKey(key) }, access);
  }

  @Post('moves/:id/waivers/:waiverId/withdraw')
  @Access('rollout:manage', { audit: 'waiver.withdrawn' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'End a waiver before its day',
    schema: list(waiverSchema),
    parameter: recordId('move'),
    refusals: [409],
  })
  @ApiParam({ name: 'waiverId', schema: { type: 'integer' }, description: 'Id of the waiver.' })
  async withdraw(
    @Param('id', RecordIdPipe) moveId: number,
    @Param('waiverId', RecordIdPipe) waiverId: number,
    @Body() { reason }: ReasonBody,
    @Current() access: CurrentAccess,
  ): Promise<readonly Waiver[]> {
    await this.waivers.withdraw({ moveId, waiverId, reason }, access);
    return this.waiverQueries.ofMove(moveId);
  }

  @Get('rollout/applications')
  @Access('rollout:read')
  @Answers({ summary: 'List the applications that not everybody has', schema: page(applicationSchema) })
  async list(
    @Query() { limit, cursor, sort, ...filter }: ApplicationsParameters,
  ): Promise<Page<RolloutApplicationView>> {
    const programme = await this.programmes.current();
    return programme === null ? NOTHING : this.applicationQueries.page(programme.id, filter, { limit, cursor }, sort);
  }

  @Get('rollout/applications.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export the applications that not everybody has', order: 'by number' })
  async csv(
    @Query() { columns, ...filter }: ApplicationsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    const programme = await this.programmes.current();
    return sendCsv(reply, {
      name: 'applications',
      columns: columnsNamed(APPLICATION_COLUMNS, columns) ?? APPLICATION_COLUMNS,
      page: (request) =>
        programme === null
          ? Promise.resolve(NOTHING)
          : this.applicationQueries.page(programme.id, filter, request, 'id'),
    });
  }

  @Post('rollout/applications')
  @Access('rollout:manage', { audit: 'rollout-application.named' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Add an application to the list', schema: record({ id: whole() }), status: 201 })
  name(@Body() body: ApplicationBody, @Current() access: CurrentAccess): Promise<{ readonly id: number }> {
    const { name, state, owner, note } = body;
    return this.applications.name({ name, state, owner: owner ?? null, note: note ?? null }, access.actor);
  }

  @Post('rollout/applications/:id')
  @Access('rollout:manage', { audit: 'rollout-application.changed' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Say anew what is known of an application',
    description: 'The readiness of everybody who needs it is worked out anew.',
    schema: record({ evaluated: whole('People whose readiness was worked out anew.') }),
    parameter: recordId('application'),
    refusals: [409],
  })
  change(
    @Param('id', RecordIdPipe) id: number,
    @Body() { name, state, owner, note, version }: ApplicationChangeBody,
    @Current() access: CurrentAccess,
  ): Promise<{ readonly evaluated: number }> {
    const input = { name, state, owner: owner ?? null, note: note ?? null };
    return this.applications.change({ ...input, id, version }, access.actor);
  }
}
