import type { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../auth/access.decorator.js';
import { columnsNamed } from '../../common/csv-columns.js';
import type { Page } from '../../common/paging.js';
import { Answers, choice, instant, orNull, page, record, text, whole } from '../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../web/csv-export.js';
import { MESSAGE_STATES } from '../message-words.js';
import { MESSAGE_COLUMNS } from '../messages.columns.js';
import { MessagesQueries, type MessageSummary } from '../messages.queries.js';
import { MessagesExportParameters, MessagesParameters } from './messages.parameters.js';

const message = record({
  id: whole('Number of the message.'),
  template: text('Name of the template.'),
  recipient: record({ id: orNull(whole('Number of the person in Untether.')), displayName: orNull(text()) }),
  state: choice(MESSAGE_STATES, 'Of an `uncertain` one it is not known whether it arrived; `dead` ones did not.'),
  plannedFor: instant(),
  useBy: instant('After this it is not sent any more.'),
  endedAt: orNull(instant('When it was sent or stopped.')),
  attempts: whole(),
  stopReason: orNull(text('A code, such as `booking-changed`.')),
  lastError: orNull(text('A code, such as `smtp-550`.')),
  messageKey: text('Left part of its Message-ID.'),
});

/** What became of messages to people; what they said is not kept. */
@ApiTags('Messages')
@Controller('api/v1')
export class MessagesController {
  constructor(private readonly messages: MessagesQueries) {}

  @Get('messages')
  @Access('messages:administer')
  @Answers({ summary: 'List messages, by number', schema: page(message) })
  list(@Query() { limit, cursor, ...filter }: MessagesParameters): Promise<Page<MessageSummary>> {
    return this.messages.list(filter, { limit, cursor });
  }

  @Get('messages.csv')
  @Access('messages:administer')
  @AnswersCsv({ summary: 'Export what became of messages', order: 'by number' })
  csv(
    @Query() { columns, ...filter }: MessagesExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'messages',
      columns: columnsNamed(MESSAGE_COLUMNS, columns) ?? MESSAGE_COLUMNS,
      page: (request) => this.messages.list(filter, request),
    });
  }
}
