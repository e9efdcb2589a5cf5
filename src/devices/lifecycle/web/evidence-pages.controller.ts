import { Controller, Get, Param, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError, NotFoundError } from '../../../common/errors.js';
import { shownTime } from '../../../common/uk-time.js';
import { FormPost } from '../../../web/form.js';
import { formFileOf } from '../../../web/form-file.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { LARGEST_EVIDENCE } from '../../../common/evidence-file.js';
import { sendEvidence } from '../../../web/evidence-answer.js';
import { DeviceTitleQueries } from '../device-title.queries.js';
import { EvidenceQueries } from '../evidence.queries.js';
import { EvidenceService } from '../evidence.service.js';

/** The evidence of a machine: its files, one of them to be saved, and adding another. */
@Controller('devices/:id/evidence')
export class EvidencePagesController {
  constructor(
    private readonly evidence: EvidenceService,
    private readonly queries: EvidenceQueries,
    private readonly titles: DeviceTitleQueries,
  ) {}

  @Page('')
  @Access('estate:read')
  @UseGuards(NoParametersGuard)
  async show(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<PageView> {
    const [name, files] = await Promise.all([this.titles.of(id), this.queries.ofDevice(id)]);
    if (name === null) throw new NotFoundError('There is no such device.');
    const now = new Date();
    return pageView('devices/lifecycle/web/evidence.njk', {
      id,
      title: `Evidence of ${name}`,
      files: files.map((file) => ({ ...file, shownAt: shownTime(file.uploadedAt, now) })),
      mayAdd: access.permissions.has('custody:write'),
    });
  }

  // Above the decorator of forms, so that it is what remains of the two.
  @RouteConfig({ takesForm: true, takesFileOf: LARGEST_EVIDENCE })
  @FormPost('', { form: 'show' })
  @Access('custody:write', { audit: 'device.evidence-added' })
  async add(
    @Param('id', RecordIdPipe) id: number,
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    const file = formFileOf(request);
    if (file === null) {
      throw new InputError('Choose a file.', [{ field: 'file', message: 'Choose a file' }]);
    }
    const added = await this.evidence.add(id, file, access);
    return redirectTo(paths.deviceEvidence(id), `Added as number ${added.id}. Give this number with a command.`);
  }

  @Get(':evidenceId')
  @ApiExcludeEndpoint()
  @Access('estate:read')
  @UseGuards(NoParametersGuard)
  async file(
    @Param('id', RecordIdPipe) id: number,
    @Param('evidenceId', RecordIdPipe) evidenceId: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return sendEvidence(reply, await this.queries.file(id, evidenceId));
  }
}
