import type { INestApplication } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { apiDocumentationView } from './api-documentation.view.js';
import { describeApi } from './api-description.js';
import { paths } from './paths.js';
import type { Views } from './views.js';

/** Serves the API's description: the OpenAPI document for programs and a page for people. Call it before `listen`. */
export function serveApiDocumentation(application: INestApplication, server: FastifyInstance, views: Views): void {
  const document = describeApi(application);
  const text = JSON.stringify(document);
  const page = views.render('web/views/api-documentation.njk', apiDocumentationView(document));
  server.get(paths.apiDescription(), (_request, reply) => reply.type('application/json; charset=utf-8').send(text));
  server.get(paths.apiDocumentation(), (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
}
