import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from '../auth/access.decorator.js';
import { ApiDescription } from './api-description.js';
import { apiDocumentationView } from './api-documentation.view.js';
import { NoParametersGuard } from './no-parameters.guard.js';
import { pageView, type PageView } from './page.js';
import { Page } from './page-route.js';

/** The API's description: the OpenAPI document for programs and a page for people. */
@ApiExcludeController()
@Controller('api')
@Access('estate:read')
@UseGuards(NoParametersGuard)
export class ApiDocumentationController {
  constructor(private readonly description: ApiDescription) {}

  @Get('openapi.json')
  @Header('content-type', 'application/json; charset=utf-8')
  document(): string {
    return JSON.stringify(this.description.document);
  }

  @Page('docs')
  page(): PageView {
    return pageView('web/views/api-documentation.njk', apiDocumentationView(this.description.document));
  }
}
