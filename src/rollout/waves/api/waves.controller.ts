import { Body, Controller, Get, Headers, HttpCode, Param, Post, Put, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError, NotFoundError } from '../../../common/errors.js';
import { anyObject, Answers, list, orNull, record, recordId, text, whole } from '../../../web/api-schema.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { versionIn } from '../../../web/if-match.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { WavesQueries, type WaveSummary } from '../waves.queries.js';
import { WavesService, type WavePlan } from '../waves.service.js';
import { MembersBody, WaveBody } from './booking-bodies.js';

const KEY = { name: 'Idempotency-Key', required: false, description: 'The same key is done once.' };
const waveSchema = record({
  id: whole(),
  programmeId: whole(),
  name: text(),
  startsOn: text('Day.'),
  endsOn: text('Day.'),
  filter: orNull(anyObject('The query that finds its members; null for members chosen by hand.')),
  version: text(),
  members: whole(),
  ready: whole(),
  notReady: whole(),
  unknown: whole('Of whom the rules do not know enough.'),
  booked: whole(),
  atRisk: whole(),
  done: whole('Who have their laptop.'),
});

/** Waves and their members. */
@ApiTags('Rollout')
@Controller('api/v1/rollout/waves')
export class WavesController {
  constructor(
    private readonly waves: WavesService,
    private readonly queries: WavesQueries,
    private readonly programmes: ProgrammeQueries,
  ) {}

  @Get()
  @Access('rollout:read')
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'List the waves with how far they are', schema: list(waveSchema) })
  async list(): Promise<WaveSummary[]> {
    const programme = await this.programmes.current();
    return programme === null ? [] : this.queries.all(programme.id);
  }

  @Get(':id')
  @Access('rollout:read')
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Show a wave', schema: waveSchema, parameter: recordId('wave') })
  async one(@Param('id', RecordIdPipe) id: number): Promise<WaveSummary> {
    const wave = await this.queries.one(id);
    if (wave === null) throw new NotFoundError('There is no such wave.');
    return wave;
  }

  @Post()
  @Access('rollout:manage', { audit: 'wave.made' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Plan a wave; with a query, everybody who matches it and is in no wave becomes a member',
    schema: record({ waveId: whole(), added: whole() }),
    status: 201,
    refusals: [409, 422],
  })
  @ApiHeader(KEY)
  make(
    @Body() body: WaveBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly waveId: number; readonly added: number }> {
    return this.waves.make(planOf(body), idempotencyKey(key), access);
  }

  @Put(':id')
  @Access('rollout:manage', { audit: 'wave.changed' })
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Change name, days and query of a wave; its members stay',
    schema: waveSchema,
    parameter: recordId('wave'),
    refusals: [409, 422],
  })
  @ApiHeader({
    name: 'If-Match',
    required: true,
    description: 'Version of the wave that was looked at, in quotation marks.',
  })
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() body: WaveBody,
    @Current() access: CurrentAccess,
    @Headers('if-match') ifMatch?: string,
  ): Promise<WaveSummary> {
    await this.waves.change(id, planOf(body), versionIn(ifMatch, 'wave'), access);
    return this.one(id);
  }

  @Post(':id/members')
  @Access('rollout:manage', { audit: ['wave.members-added', 'wave.members-removed'] })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Take members in, by the wave’s query or by hand, or take them out',
    schema: record({ added: whole(), removed: whole() }),
    parameter: recordId('wave'),
    refusals: [409, 422],
  })
  @ApiHeader(KEY)
  async members(
    @Param('id', RecordIdPipe) id: number,
    @Body() { action, moves }: MembersBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly added: number; readonly removed: number }> {
    if (action !== 'query' && (moves === undefined || moves.length === 0)) {
      throw new InputError('Put the request right.', [{ field: 'moves', message: 'give the numbers of moves' }], 400);
    }
    if (action === 'remove') return { added: 0, ...(await this.waves.removeMembers(id, moves ?? [], access)) };
    const members = action === 'query' ? 'query' : (moves ?? []);
    return { removed: 0, ...(await this.waves.addMembers(id, members, idempotencyKey(key), access)) };
  }
}

function planOf({ name, startsOn, endsOn, ...query }: WaveBody): WavePlan {
  const filter = Object.values(query).some((value) => value !== undefined) ? { ...query } : null;
  return { name, startsOn, endsOn, filter };
}
