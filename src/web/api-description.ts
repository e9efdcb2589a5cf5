import { Injectable, type INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

const INTRODUCTION = [
  'Send a token with every request, as `Authorization: Bearer …`: one of Untether, or one that Entra ID issued for it.',
  'Read people, devices, licences and synchronisation runs; import what people know of devices.',
  'Lists answer `{ items, next, asOf }`: send `next` back as `cursor` for the next page. `asOf` says how old the',
  'list is. Errors are problem documents (RFC 9457). Answers carry an `ETag`; send it as `If-None-Match` to get 304',
  'when nothing has changed. Every parameter is given once, and a parameter that is not listed here is refused.',
].join(' ');

/** The description of the API, known once the whole application is. */
@Injectable()
export class ApiDescription {
  private described: OpenAPIObject | null = null;

  /** Call it before the server listens. */
  describe(application: INestApplication): void {
    this.described = describeApi(application);
  }

  get document(): OpenAPIObject {
    if (this.described === null) throw new Error('The API is described before the server listens.');
    return this.described;
  }
}

/** Describes the API's routes as an OpenAPI document. */
export function describeApi(application: INestApplication): OpenAPIObject {
  const configuration = new DocumentBuilder()
    .setOpenAPIVersion('3.0.3')
    .setTitle('Untether API')
    .setDescription(INTRODUCTION)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A token of Untether or of Entra ID.' })
    .addSecurityRequirements('bearer')
    .build();
  return SwaggerModule.createDocument(application, configuration, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
  });
}
