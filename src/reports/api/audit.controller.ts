import type { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AuditQueries, type AuditListEntry } from '../../audit/audit.queries.js';
import { Access } from '../../auth/access.decorator.js';
import { columnsNamed } from '../../common/csv-columns.js';
import type { Page } from '../../common/paging.js';
import { anyObject, Answers, instant, orNull, page, record, text, whole } from '../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../web/csv-export.js';
import { AUDIT_COLUMNS } from '../audit.columns.js';
import { AuditExportParameters, AuditParameters } from './audit.parameters.js';

const entry = record({
  id: whole('Place in the chain: 1, 2, 3 … without gaps.'),
  at: instant(),
  event: text('What was done, such as `sync.run-finished`; the list grows.'),
  actor: text(
    'Who did it: `person:` and an object id in Entra ID, `token:` and its number, `command-line:`, `system:`.',
  ),
  subjectKind: orNull(text('Kind of what it was done to; null for the installation as a whole.')),
  subjectId: orNull(text('Its number or id.')),
  details: anyObject('References and states; never names, serial numbers, addresses or typed text.'),
  requestId: orNull(text('Id of the request that did it.')),
  hash: text('SHA-256 of the entry and of the one before, in hexadecimal digits.'),
});

/** The trail of what was done. */
@ApiTags('Audit')
@Controller('api/v1')
export class AuditController {
  constructor(private readonly audit: AuditQueries) {}

  @Get('audit')
  @Access('audit:read')
  @Answers({ summary: 'List the entries of the audit trail, newest first', schema: page(entry) })
  list(@Query() { limit, cursor, ...filter }: AuditParameters): Promise<Page<AuditListEntry>> {
    return this.audit.list(filter, { limit, cursor });
  }

  @Get('audit.csv')
  @Access('audit:read')
  @AnswersCsv({ summary: 'Export the audit trail', order: 'newest first' })
  csv(
    @Query() { columns, ...filter }: AuditExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'audit',
      columns: columnsNamed(AUDIT_COLUMNS, columns) ?? AUDIT_COLUMNS,
      page: (request) => this.audit.list(filter, request),
    });
  }
}
