import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { Answers, recordId } from '../../../web/api-schema.js';
import { CSV_TYPE, withSentSheet, XLSX_TYPE } from '../../../web/file-uploads.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import type { ImportPreview, ImportSummary } from '../import.queries.js';
import { ImportService, type UndoResult } from '../import.service.js';
import { DecisionBody, PreviewParameters, StageParameters, UndoBody } from './imports.parameters.js';
import { importSchema, previewSchema, undoSchema } from './imports.schema.js';

@ApiTags('Imports')
@Controller('api/v1/imports')
export class ImportsController {
  constructor(private readonly imports: ImportService) {}

  @RouteConfig({ takesSheet: true })
  @Access('register:import', { audit: 'import.staged' })
  @Post()
  @HttpCode(200)
  @Answers({
    summary: 'Send a file and get its dry run',
    description:
      'Checks every row and compares it with the register; nothing is changed until the import is applied. A file of which no row can be imported is refused and nothing of it is kept.',
    schema: importSchema,
  })
  @ApiConsumes(CSV_TYPE, XLSX_TYPE)
  @ApiBody({ required: true, schema: { type: 'string', format: 'binary' } })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key gives the same import.' })
  async stage(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query() parameters: StageParameters,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<ImportSummary> {
    return withSentSheet(request, reply, (file) =>
      this.imports.stage(file, { actor: access.actor, idempotencyKey: idempotencyKey(key), ...parameters }),
    );
  }

  @Access('register:import')
  @Get(':id')
  @Answers({ summary: 'Show the dry run of an import', schema: previewSchema, parameter: recordId('import') })
  preview(@Param('id', RecordIdPipe) id: number, @Query() parameters: PreviewParameters): Promise<ImportPreview> {
    return this.imports.preview(id, parameters);
  }

  @Access('register:import', { audit: 'import.row-decided' })
  @Post(':id/rows/:line/decision')
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Choose the machine of a row that fits several',
    schema: importSchema,
    parameter: recordId('import'),
  })
  decide(
    @Param('id', RecordIdPipe) id: number,
    @Param('line', RecordIdPipe) line: number,
    @Body() body: DecisionBody,
    @Current() access: CurrentAccess,
  ): Promise<ImportSummary> {
    return this.imports.decide(id, line, body.deviceId, access.actor);
  }

  @Access('register:import', { audit: 'import.applied' })
  @Post(':id/apply')
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Apply an import as its dry run shows it',
    description: 'Once only. 409 when it was applied before, or when the register changed since the dry run.',
    schema: importSchema,
    parameter: recordId('import'),
  })
  apply(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<ImportSummary> {
    return this.imports.apply(id, access.actor);
  }

  @Access('register:import', { audit: 'import.undone' })
  @Post(':id/undo')
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Bring back what was there before an import',
    description: 'Entries changed since are left alone; see them with `undoRefused`.',
    schema: undoSchema,
    parameter: recordId('import'),
  })
  undo(
    @Param('id', RecordIdPipe) id: number,
    @Body() body: UndoBody,
    @Current() access: CurrentAccess,
  ): Promise<UndoResult> {
    return this.imports.undo(id, access.actor, body.reason);
  }
}
