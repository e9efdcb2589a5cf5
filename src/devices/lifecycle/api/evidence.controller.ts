import { Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { Answers, AnswersProblems, recordId } from '../../../web/api-schema.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { TextField } from '../../../web/query-fields.js';
import { EVIDENCE_TYPES } from '../../../common/evidence-file.js';
import { EvidenceQueries, type EvidenceView } from '../evidence.queries.js';
import { EvidenceService, type EvidenceAdded } from '../evidence.service.js';
import { sendEvidence } from '../../../web/evidence-answer.js';
import { fileIn } from '../../../web/evidence-uploads.js';
import { evidenceAddedSchema, evidenceSchema } from './custody.schema.js';

/** What a file is called. */
class UploadParameters {
  @TextField('Name of the file, only to be shown.', 'certificate.pdf')
  fileName?: string;
}

/** Files that prove what was done with a machine; there is no way to one but through its machine. */
@ApiTags('Custody')
@Controller('api/v1/devices/:id/custody/evidence')
export class EvidenceController {
  constructor(
    private readonly evidence: EvidenceService,
    private readonly queries: EvidenceQueries,
  ) {}

  @Access('estate:read')
  @Get()
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'List the evidence of a machine', schema: evidenceSchema, parameter: recordId('device') })
  async list(@Param('id', RecordIdPipe) id: number): Promise<{ readonly items: readonly EvidenceView[] }> {
    return { items: await this.queries.ofDevice(id) };
  }

  @Access('custody:write', { audit: 'device.evidence-added' })
  @Post()
  @HttpCode(200)
  @RouteConfig({ takesEvidence: true })
  @Answers({
    summary: 'Add a file of evidence to a machine',
    description: 'At most 10 MB. The same file is kept once; its number goes with a command as `evidence`.',
    schema: evidenceAddedSchema,
    parameter: recordId('device'),
  })
  @ApiConsumes(...EVIDENCE_TYPES)
  @ApiBody({ required: true, schema: { type: 'string', format: 'binary' } })
  async add(
    @Param('id', RecordIdPipe) deviceId: number,
    @Query() { fileName }: UploadParameters,
    @Current() access: CurrentAccess,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('content-type') mediaType = '',
  ): Promise<EvidenceAdded> {
    try {
      const content = await fileIn(request.body);
      return await this.evidence.add(deviceId, { name: fileName ?? '', mediaType, content }, access);
    } catch (error) {
      // What was not read of the file must not be taken for the next request.
      void reply.header('connection', 'close');
      throw error;
    }
  }

  @Access('estate:read')
  @Get(':evidenceId')
  @UseGuards(NoParametersGuard)
  @ApiOperation({ summary: 'Get a file of evidence of a machine, to be saved' })
  @ApiParam(recordId('device'))
  @ApiParam({ name: 'evidenceId', schema: { type: 'integer' }, description: 'Number of the file.' })
  @ApiOkResponse({
    description: 'The file.',
    content: Object.fromEntries(EVIDENCE_TYPES.map((type) => [type, { schema: { type: 'string', format: 'binary' } }])),
  })
  @AnswersProblems([400, 404, 503])
  async file(
    @Param('id', RecordIdPipe) id: number,
    @Param('evidenceId', RecordIdPipe) evidenceId: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return sendEvidence(reply, await this.queries.file(id, evidenceId));
  }
}
