import { applyDecorators, Get, Header } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';

/** A route that answers with a page of data, which no cache may keep. */
export function Page(path: string): MethodDecorator {
  return applyDecorators(
    Get(path),
    Header('content-type', 'text/html; charset=utf-8'),
    Header('cache-control', 'no-store'),
    ApiExcludeEndpoint(),
  );
}
