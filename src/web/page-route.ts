import { applyDecorators, Get, Header, UseInterceptors } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { PageInterceptor } from './page.interceptor.js';

/** A route that answers with a page: its method returns a PageView, or a Redirect to where the page is. */
export function Page(path: string): MethodDecorator {
  return applyDecorators(
    Get(path),
    Header('content-type', 'text/html; charset=utf-8'),
    UseInterceptors(PageInterceptor),
    ApiExcludeEndpoint(),
  );
}
