import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { EVIDENCE_TYPES } from '../../../common/evidence-file.js';
import { Answers, AnswersProblems, list, record, recordId } from '../../../web/api-schema.js';
import { sendEvidence } from '../../../web/evidence-answer.js';
import { fileIn } from '../../../web/evidence-uploads.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { versionIn } from '../../../web/if-match.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { unlessChanged } from '../../../web/unless-changed.js';
import { TextField } from '../../../web/query-fields.js';
import { ReasonBody } from '../../../web/reason.parameters.js';
import { SurveysQueries, type WifiSurveyView } from '../surveys.queries.js';
import { SurveysService } from '../surveys.service.js';
import { SurveyBody, surveyInput } from './inventory-bodies.js';
import { addedSchema, surveySchema } from './inventory.schema.js';

const IF_MATCH = { name: 'If-Match', required: true, description: 'ETag of the survey that was looked at.' };

/** What a file is called. */
class EvidenceParameters {
  @TextField('Name of the file, only to be shown.', 'survey.pdf')
  fileName?: string;
}

/** Surveys of the Wi-Fi at sites, and the files that prove them. */
@ApiTags('Network')
@Controller('api/v1/network')
export class SurveysController {
  constructor(
    private readonly queries: SurveysQueries,
    private readonly surveys: SurveysService,
  ) {}

  @Get('sites/:id/surveys')
  @Access('network:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'List the surveys of the Wi-Fi at a site, the latest first',
    schema: record({ items: list(surveySchema) }),
    parameter: recordId('site'),
  })
  async list(@Param('id', RecordIdPipe) siteId: number): Promise<{ readonly items: readonly WifiSurveyView[] }> {
    return { items: await this.queries.ofSite(siteId) };
  }

  @Post('sites/:id/surveys')
  @Access('network:manage', { audit: 'wifi-survey.added' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Enter a survey of the Wi-Fi at a site',
    description: 'Its file is sent afterwards, to the evidence of the survey.',
    schema: addedSchema,
    status: 201,
    parameter: recordId('site'),
    refusals: [422],
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  add(
    @Param('id', RecordIdPipe) siteId: number,
    @Body() body: SurveyBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly id: number }> {
    return this.surveys.add(siteId, surveyInput(body), null, idempotencyKey(key), access.actor);
  }

  @Get('surveys/:id')
  @Access('network:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show a survey of the Wi-Fi',
    description: 'The ETag begins with the version; send it as `If-Match` with a change.',
    schema: surveySchema,
    parameter: recordId('survey'),
  })
  async one(
    @Param('id', RecordIdPipe) id: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WifiSurveyView> {
    const survey = await this.queries.one(id);
    if (survey === null) throw new NotFoundError('There is no such survey.');
    void reply.header('etag', `"${survey.version}"`);
    return survey;
  }

  @Post('surveys/:id/withdraw')
  @Access('network:manage', { audit: 'wifi-survey.withdrawn' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Say that a survey does not count',
    description: 'It stays, with the reason. 412 when it was changed since, 428 without `If-Match`.',
    schema: surveySchema,
    parameter: recordId('survey'),
    refusals: [409],
  })
  @ApiHeader(IF_MATCH)
  async withdraw(
    @Param('id', RecordIdPipe) id: number,
    @Body() { reason }: ReasonBody,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<WifiSurveyView> {
    await unlessChanged(this.surveys.withdraw(id, reason, versionIn(ifMatch, 'survey'), access.actor));
    return this.one(id, reply);
  }

  @Post('surveys/:id/evidence')
  @Access('network:manage', { audit: 'wifi-survey.evidence-added' })
  @HttpCode(200)
  @RouteConfig({ takesEvidence: true })
  @Answers({
    summary: 'Add the file that proves a survey',
    description: 'At most 10 MB, once. 412 when the survey was changed since, 428 without `If-Match`.',
    schema: surveySchema,
    parameter: recordId('survey'),
    refusals: [409, 413, 415, 422],
  })
  @ApiConsumes(...EVIDENCE_TYPES)
  @ApiBody({ required: true, schema: { type: 'string', format: 'binary' } })
  @ApiHeader(IF_MATCH)
  async addEvidence(
    @Param('id', RecordIdPipe) id: number,
    @Query() { fileName }: EvidenceParameters,
    @Current() access: CurrentAccess,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('content-type') mediaType = '',
    @Headers('if-match') ifMatch?: string,
  ): Promise<WifiSurveyView> {
    try {
      const version = versionIn(ifMatch, 'survey');
      const file = { name: fileName ?? '', mediaType, content: await fileIn(request.body) };
      await unlessChanged(this.surveys.addEvidence(id, file, version, access.actor));
    } catch (error) {
      // What was not read of the file must not be taken for the next request.
      void reply.header('connection', 'close');
      throw error;
    }
    return this.one(id, reply);
  }

  @Get('surveys/:id/evidence')
  @Access('network:read')
  @UseGuards(NoParametersGuard)
  @ApiOperation({ summary: 'Get the file that proves a survey, to be saved' })
  @ApiParam(recordId('survey'))
  @ApiOkResponse({
    description: 'The file.',
    content: Object.fromEntries(EVIDENCE_TYPES.map((type) => [type, { schema: { type: 'string', format: 'binary' } }])),
  })
  @AnswersProblems([400, 404, 503])
  async evidence(
    @Param('id', RecordIdPipe) id: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return sendEvidence(reply, await this.queries.file(id));
  }
}
