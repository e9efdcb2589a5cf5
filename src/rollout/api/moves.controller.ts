import type { Readable } from 'node:stream';
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../auth/access.decorator.js';
import { columnsNamed } from '../../common/csv-columns.js';
import { NotFoundError } from '../../common/errors.js';
import type { Page } from '../../common/paging.js';
import { Answers, page } from '../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../web/csv-export.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { MOVE_COLUMNS } from '../moves.columns.js';
import { MovesQueries, type MoveSummary, type WholeMove } from '../moves.queries.js';
import { ProgrammeQueries } from '../programme.queries.js';
import { MovesExportParameters, MovesParameters } from './moves.parameters.js';
import { moveSummary, wholeMove } from './moves.schema.js';

const NOTHING: Page<MoveSummary> = { items: [], next: null, asOf: null };

/** Everybody's move from desktop to laptop, as it stands now. */
@ApiTags('Rollout')
@Controller('api/v1')
export class MovesController {
  constructor(
    private readonly programmes: ProgrammeQueries,
    private readonly moves: MovesQueries,
  ) {}

  @Get('moves')
  @Access('rollout:read')
  @Answers({
    summary: 'List the moves of the programme that runs, or else of the latest one',
    schema: page(moveSummary),
  })
  async list(@Query() { limit, cursor, sort, ...filter }: MovesParameters): Promise<Page<MoveSummary>> {
    const programme = await this.programmes.current();
    return programme === null ? NOTHING : this.moves.page(programme.id, filter, { limit, cursor }, sort);
  }

  @Get('moves.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export the moves of the programme that runs, or else of the latest one', order: 'by number' })
  async csv(
    @Query() { columns, ...filter }: MovesExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    const programme = await this.programmes.current();
    return sendCsv(reply, {
      name: 'moves',
      columns: columnsNamed(MOVE_COLUMNS, columns) ?? MOVE_COLUMNS,
      page: (request) =>
        programme === null ? Promise.resolve(NOTHING) : this.moves.page(programme.id, filter, request, 'id'),
    });
  }

  @Get('moves/:id')
  @Access('rollout:read', { own: 'move' })
  @Answers({
    summary: 'Show a move with the facts, desktops and answers behind it',
    description: 'The ETag begins with the version; send it as `If-Match` with a statement.',
    schema: wholeMove,
  })
  async one(
    @Param('id', RecordIdPipe) id: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WholeMove> {
    const move = await this.moves.one(id);
    if (move === null) throw new NotFoundError('There is no move with this number.');
    void reply.header('etag', `"${move.version}"`);
    return move;
  }
}
