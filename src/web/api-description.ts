import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

const INTRODUCTION = [
  'Read people, devices, licences and synchronisation runs; import what people know of devices.',
  'Lists answer `{ items, next, asOf }`: send `next` back as `cursor` for the next page. `asOf` says how old the',
  'list is. Errors are problem documents (RFC 9457). Answers carry an `ETag`; send it as `If-None-Match` to get 304',
  'when nothing has changed. Every parameter is given once, and a parameter that is not listed here is refused.',
].join(' ');

/** Describes the API's routes as an OpenAPI document. */
export function describeApi(application: INestApplication): OpenAPIObject {
  const configuration = new DocumentBuilder()
    .setOpenAPIVersion('3.0.3')
    .setTitle('Untether API')
    .setDescription(INTRODUCTION)
    .setVersion('1')
    .build();
  return SwaggerModule.createDocument(application, configuration, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
  });
}
