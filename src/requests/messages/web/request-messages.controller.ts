import { Controller, Param, Query, UseGuards } from '@nestjs/common';
import { IsOptional, Matches } from 'class-validator';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { MessagesQueries } from '../../../notifications/messages.queries.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, type PageView } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { isRequestTemplate, REQUEST_TEMPLATE_DESCRIPTIONS } from '../../domain/messages/request-templates.js';
import { RequestTemplates } from '../request-templates.service.js';
import { requestPreviewView, requestTemplateRows } from './request-messages.view.js';

/** The request whose data a message is previewed with. */
class PreviewParameters {
  @IsOptional()
  @Matches(/^([1-9]\d{0,8})?$/, { message: 'give the number of a request' })
  request?: string;
}

/** What people are told about requests and stock: which messages there are, what became of them, and how they look. */
@Controller('requests/messages')
export class RequestMessagesController {
  constructor(
    private readonly messages: MessagesQueries,
    private readonly templates: RequestTemplates,
  ) {}

  @Page('')
  @Access('messages:administer')
  @UseGuards(NoParametersGuard)
  async list(): Promise<PageView> {
    return pageView('requests/messages/web/request-messages.njk', {
      title: 'Messages about requests',
      way: this.messages.way,
      rows: requestTemplateRows(await this.messages.counts()),
    });
  }

  @Page(':template')
  @Access('messages:administer')
  async show(
    @Param('template') template: string,
    @Query() { request }: PreviewParameters,
    @Current() { personEntraId }: CurrentAccess,
  ): Promise<PageView> {
    if (!isRequestTemplate(template)) throw new NotFoundError('There is no such message.');
    const preview = await this.templates.preview(template, request ? Number(request) : null, personEntraId);
    return pageView('requests/messages/web/request-message.njk', {
      title: REQUEST_TEMPLATE_DESCRIPTIONS[template].label,
      template,
      description: REQUEST_TEMPLATE_DESCRIPTIONS[template],
      isAboutRequest: template !== 'low-stock',
      request: request ? Number(request) : (preview?.requestId ?? null),
      preview: preview && requestPreviewView(preview),
    });
  }
}
