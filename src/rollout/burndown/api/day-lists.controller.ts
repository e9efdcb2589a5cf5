import type { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import type { Page } from '../../../common/paging.js';
import { Answers, page } from '../../../web/api-schema.js';
import { AnswersCsv } from '../../../web/csv-export.js';
import {
  DESKTOP_ON_DAY_COLUMNS,
  DESKTOP_SCOPE_COLUMNS,
  MOVE_ON_DAY_COLUMNS,
  PERSON_SCOPE_COLUMNS,
} from '../day-lists.columns.js';
import { DayListsQueries } from '../day-lists.queries.js';
import type { DesktopOnDay, DesktopScopeChange } from '../desktops-on-day.queries.js';
import type { MoveOnDay, PersonScopeChange } from '../moves-on-day.queries.js';
import { DayFiles } from './day-files.js';
import {
  DesktopScopeExportParameters,
  DesktopsOnDayExportParameters,
  DesktopsOnDayParameters,
  MovesOnDayExportParameters,
  MovesOnDayParameters,
  PersonScopeExportParameters,
  ScopeChangesParameters,
} from './day-lists.parameters.js';
import { desktopOnDay, desktopScopeChange, moveOnDay, personScopeChange } from './day-lists.schema.js';

const ORDER = 'in the order in which the history was written';

/** Who and what is behind the figures of the rollout, as at the end of any day. */
@ApiTags('Rollout')
@Controller('api/v1/rollout')
export class DayListsController {
  constructor(
    private readonly lists: DayListsQueries,
    private readonly files: DayFiles,
  ) {}

  @Get('moves')
  @Access('rollout:read')
  @Answers({ summary: 'List people of the rollout as they stood at the end of a day', schema: page(moveOnDay) })
  moves(@Query() { limit, cursor, sort, ...filter }: MovesOnDayParameters): Promise<Page<MoveOnDay>> {
    return this.lists.moves.page(filter, { limit, cursor }, sort);
  }

  @Get('moves.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export people of the rollout as they stood at the end of a day', order: ORDER })
  movesFile(
    @Query() { columns, ...filter }: MovesOnDayExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return this.files.send(reply, 'rollout-people', this.lists.moves, filter, MOVE_ON_DAY_COLUMNS, columns);
  }

  @Get('desktops')
  @Access('rollout:read')
  @Answers({ summary: 'List desktops of the rollout as they stood at the end of a day', schema: page(desktopOnDay) })
  desktops(@Query() { limit, cursor, sort, ...filter }: DesktopsOnDayParameters): Promise<Page<DesktopOnDay>> {
    return this.lists.desktops.page(filter, { limit, cursor }, sort);
  }

  @Get('desktops.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export desktops of the rollout as they stood at the end of a day', order: ORDER })
  desktopsFile(
    @Query() { columns, ...filter }: DesktopsOnDayExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return this.files.send(reply, 'rollout-desktops', this.lists.desktops, filter, DESKTOP_ON_DAY_COLUMNS, columns);
  }

  @Get('scope/people')
  @Access('rollout:read')
  @Answers({
    summary: 'List people who came into the scope of the rollout or left it until the end of a day',
    schema: page(personScopeChange),
  })
  personScope(@Query() { limit, cursor, sort, ...filter }: ScopeChangesParameters): Promise<Page<PersonScopeChange>> {
    return this.lists.personScope.page(filter, { limit, cursor }, sort);
  }

  @Get('scope/people.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export people who came into the scope of the rollout or left it', order: ORDER })
  personScopeFile(
    @Query() { columns, ...filter }: PersonScopeExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return this.files.send(
      reply,
      'rollout-scope-people',
      this.lists.personScope,
      filter,
      PERSON_SCOPE_COLUMNS,
      columns,
    );
  }

  @Get('scope/desktops')
  @Access('rollout:read')
  @Answers({
    summary: 'List desktops that came into the scope of the rollout or left it until the end of a day',
    schema: page(desktopScopeChange),
  })
  desktopScope(@Query() { limit, cursor, sort, ...filter }: ScopeChangesParameters): Promise<Page<DesktopScopeChange>> {
    return this.lists.desktopScope.page(filter, { limit, cursor }, sort);
  }

  @Get('scope/desktops.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export desktops that came into the scope of the rollout or left it', order: ORDER })
  desktopScopeFile(
    @Query() { columns, ...filter }: DesktopScopeExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return this.files.send(
      reply,
      'rollout-scope-desktops',
      this.lists.desktopScope,
      filter,
      DESKTOP_SCOPE_COLUMNS,
      columns,
    );
  }
}
