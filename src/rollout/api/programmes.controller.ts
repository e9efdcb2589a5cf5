import { Body, Controller, Get, Headers, HttpCode, Param, Post, Put, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { NotFoundError } from '../../common/errors.js';
import {
  anyObject,
  Answers,
  choice,
  instant,
  list,
  orNull,
  record,
  recordId,
  text,
  whole,
} from '../../web/api-schema.js';
import { versionIn } from '../../web/if-match.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { ReasonBody } from '../../web/reason.parameters.js';
import { ProgrammeQueries, type CurrentProgramme } from '../programme.queries.js';
import { ProgrammeService, type ProgrammeOutcome } from '../programme.service.js';
import { ScopePreviewQueries, type ScopePreview } from '../scope-preview.queries.js';
import { DESKTOP_LEFT_OUT, PERSON_LEFT_OUT } from '../scope-sql.js';
import { ProgrammeBody, ScopeBody } from './programmes.parameters.js';

const programmeSchema = record({
  id: whole(),
  name: text(),
  state: choice(['draft', 'running', 'closed']),
  startsOn: text('A day.'),
  targetOn: text('A day.'),
  scope: anyObject('Who and which machines it is about.'),
  baselineAt: orNull(instant('When the baseline was frozen.')),
  backfilledUntil: orNull(instant('Until when the history was taken over from records kept elsewhere.')),
  settings: anyObject('As they are now.'),
  settingsVersion: whole(),
  version: text('Also the ETag; send it as If-Match.'),
});
const outcomeSchema = record({ id: whole(), version: text() });
const startedSchema = record({ id: whole(), version: text(), people: whole(), desktops: whole() });
const leftOut = (reasons: readonly string[]) => list(record({ reason: choice(reasons), count: whole() }));
const previewSchema = record({
  people: record({ inScope: whole(), withDesktop: whole(), leftOut: leftOut(PERSON_LEFT_OUT) }),
  desktops: record({ inScope: whole(), withoutUser: whole(), leftOut: leftOut(DESKTOP_LEFT_OUT) }),
  directorates: list(record({ directorate: orNull(text()), people: whole(), desktops: whole() })),
});

const IF_MATCH = { name: 'If-Match', required: true, description: 'Version of the programme that was looked at.' };

/** The programme: planned, started once, closed. */
@ApiTags('Rollout')
@Controller('api/v1/rollout/programmes')
export class ProgrammesController {
  constructor(
    private readonly queries: ProgrammeQueries,
    private readonly programmes: ProgrammeService,
    private readonly scopes: ScopePreviewQueries,
  ) {}

  @Get('current')
  @Access('rollout:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show the programme that runs, else the one that is planned, else the one closed last',
    schema: programmeSchema,
    refusals: [404],
  })
  async current(@Res({ passthrough: true }) reply: FastifyReply): Promise<CurrentProgramme> {
    const programme = await this.queries.current();
    if (programme === null) throw new NotFoundError('There is no programme. Plan one first.');
    void reply.header('etag', `"${programme.version}"`);
    return programme;
  }

  @Post('scope-preview')
  @HttpCode(200)
  @Access('rollout:read', { storesNothing: true })
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Show whom a scope would take in, and why it leaves out the others', schema: previewSchema })
  preview(@Body() scope: ScopeBody): Promise<ScopePreview> {
    return this.scopes.preview(scope);
  }

  @Post()
  @Access('rollout:manage', { audit: 'programme.planned' })
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Plan a programme', schema: outcomeSchema, status: 201, refusals: [409, 422] })
  plan(@Body() plan: ProgrammeBody, @Current() access: CurrentAccess): Promise<ProgrammeOutcome> {
    return this.programmes.create(plan, access.actor);
  }

  @Put(':id')
  @Access('rollout:manage', { audit: 'programme.changed' })
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Change what is planned',
    schema: outcomeSchema,
    parameter: recordId('programme'),
    refusals: [409, 422],
  })
  @ApiHeader(IF_MATCH)
  change(
    @Param('id', RecordIdPipe) id: number,
    @Body() plan: ProgrammeBody,
    @Current() access: CurrentAccess,
    @Headers('if-match') ifMatch?: string,
  ): Promise<ProgrammeOutcome> {
    return this.programmes.change(id, versionIn(ifMatch, 'programme'), plan, access.actor);
  }

  @Post(':id/start')
  @HttpCode(200)
  @Access('rollout:manage', { audit: 'programme.started' })
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Start what is planned, and freeze the baseline',
    schema: startedSchema,
    parameter: recordId('programme'),
    refusals: [409, 422],
  })
  @ApiHeader(IF_MATCH)
  start(
    @Param('id', RecordIdPipe) id: number,
    @Current() access: CurrentAccess,
    @Headers('if-match') ifMatch?: string,
  ): Promise<ProgrammeOutcome> {
    return this.programmes.start(id, versionIn(ifMatch, 'programme'), access.actor);
  }

  @Post(':id/close')
  @HttpCode(200)
  @Access('rollout:manage', { audit: 'programme.closed' })
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Close a programme that runs',
    schema: outcomeSchema,
    parameter: recordId('programme'),
    refusals: [409],
  })
  @ApiHeader(IF_MATCH)
  close(
    @Param('id', RecordIdPipe) id: number,
    @Body() { reason }: ReasonBody,
    @Current() access: CurrentAccess,
    @Headers('if-match') ifMatch?: string,
  ): Promise<ProgrammeOutcome> {
    return this.programmes.close(id, versionIn(ifMatch, 'programme'), access.actor, reason);
  }
}
