import type { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { columnsNamed } from '../../../common/csv-columns.js';
import { NotFoundError } from '../../../common/errors.js';
import type { Page } from '../../../common/paging.js';
import { Answers, list, page, recordId } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { MovesQueries } from '../../moves.queries.js';
import { readinessSettingsOf, type ReadinessSettings } from '../../domain/readiness/settings.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { assumptionsOfBody } from '../assumptions.js';
import { BLOCKER_COLUMNS } from '../blockers.columns.js';
import { BlockersQueries, type Blocker } from '../blockers.queries.js';
import { ReadinessResultsQueries, type KnownResult } from '../readiness-results.queries.js';
import { SettingsHistoryQueries, type SettingsVersion } from '../settings-history.queries.js';
import { WhatIfQueries, type WhatIfAnswer } from '../what-if.queries.js';
import { BlockersExportParameters, BlockersParameters } from './readiness-lists.parameters.js';
import { blockerSchema, resultSchema, settingsSchema, whatIfBodySchema, whatIfSchema } from './readiness.schema.js';

const NOTHING: Page<Blocker> = { items: [], next: null, asOf: null };

/** Who is ready, what stands in the way, and what would be if it did not. */
@ApiTags('Rollout')
@Controller('api/v1')
export class ReadinessController {
  constructor(
    private readonly programmes: ProgrammeQueries,
    private readonly blockers: BlockersQueries,
    private readonly whatIf: WhatIfQueries,
    private readonly results: ReadinessResultsQueries,
    private readonly moves: MovesQueries,
    private readonly settingsHistory: SettingsHistoryQueries,
  ) {}

  @Get('rollout/blockers')
  @Access('rollout:read')
  @Answers({
    summary: 'List what stands in people’s way, what unlocks most first',
    description: 'List the people of one with GET /api/v1/moves and its `blocked…` parameters.',
    schema: page(blockerSchema),
  })
  async list(@Query() { limit, cursor, ...filter }: BlockersParameters): Promise<Page<Blocker>> {
    const programme = await this.programmes.current();
    return programme === null ? NOTHING : this.blockers.page(programme.id, filter, { limit, cursor });
  }

  @Get('rollout/blockers.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export what stands in people’s way', order: 'what unlocks most first' })
  async csv(
    @Query() { columns, ...filter }: BlockersExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    const programme = await this.programmes.current();
    return sendCsv(reply, {
      name: 'blockers',
      columns: columnsNamed(BLOCKER_COLUMNS, columns) ?? BLOCKER_COLUMNS,
      page: (request) =>
        programme === null ? Promise.resolve(NOTHING) : this.blockers.page(programme.id, filter, request),
    });
  }

  @Post('rollout/what-if')
  @Access('rollout:read', { storesNothing: true })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Ask who would become ready if rules said something else',
    description: 'Nothing is stored. `site` means the network of that site for the rule about it, else its people.',
    schema: whatIfSchema,
  })
  @ApiBody({ schema: whatIfBodySchema })
  async ask(@Body() body: unknown): Promise<WhatIfAnswer> {
    const assumptions = assumptionsOfBody(body);
    const programme = await this.programmes.current();
    if (programme === null) throw new NotFoundError('There is no programme to ask about.');
    return this.whatIf.ask(programme.id, assumptions);
  }

  @Get('moves/:id/readiness')
  @Access('rollout:read', { own: 'move' })
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show what every rule says of a move',
    schema: list(resultSchema),
    parameter: recordId('move'),
  })
  async ofMove(@Param('id', RecordIdPipe) id: number): Promise<readonly KnownResult[]> {
    const [move] = await this.moves.some([id]);
    if (move === undefined) throw new NotFoundError('There is no move with this number.');
    return this.results.ofMoves([id]);
  }

  @Get('rollout/settings')
  @Access('rollout:read')
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Show the settings of the programme and their versions', schema: settingsSchema })
  async settings(): Promise<{
    readonly version: number;
    readonly readiness: ReadinessSettings;
    readonly versions: readonly SettingsVersion[];
  }> {
    const programme = await this.programmes.current();
    if (programme === null) throw new NotFoundError('There is no programme, and so no settings.');
    return {
      version: programme.settingsVersion,
      readiness: readinessSettingsOf(programme.settings),
      versions: await this.settingsHistory.versions(programme.id),
    };
  }
}
