import { applyDecorators, Get, Header } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';

/** A route that answers with a page. */
export function Page(path: string): MethodDecorator {
  return applyDecorators(Get(path), Header('content-type', 'text/html; charset=utf-8'), ApiExcludeEndpoint());
}
