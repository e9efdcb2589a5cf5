import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { UnauthenticatedError } from '../auth/access.errors.js';
import { surfaceOf } from '../auth/surface.js';
import { pageView, redirectTo } from './page.js';
import type { PageRenderer } from './page-renderer.js';
import { paths } from './paths.js';
import { describeProblem, type Problem } from './problem.js';
import { RouteTable } from './route-table.js';

/** Media type of a problem (RFC 9457). */
export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** Answers errors: a page for people, a problem document for programs. */
export class ProblemReplies {
  /** What the server has; it tells a wrong method from an unknown address. */
  readonly routes = new RouteTable();

  constructor(
    private readonly pages: PageRenderer,
    private readonly logger: Logger,
  ) {}

  send(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = describeProblem(error);
    if (problem.status >= 500) {
      this.logger[problem.logLevel]({ request: request.id, err: error, status: problem.status }, 'request failed');
    }
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    void reply.code(problem.status);
    // A file that is not there may be there after the next upgrade.
    void reply.header('cache-control', 'no-store');
    if (problem.status === 503) void reply.header('retry-after', '30');
    const isForPrograms = surfaceOf(request.url) === 'api';
    if (isForPrograms && problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    if (isForPrograms) void reply.type(PROBLEM_JSON).send(problemDocument(problem, request.id));
    else if (error instanceof UnauthenticatedError && ['GET', 'HEAD'].includes(request.method)) {
      void reply.send(this.pages.redirect(request, reply, redirectTo(paths.signIn(request.url))));
    } else {
      const view = pageView('web/views/error.njk', { problem, requestId: request.id }, { status: problem.status });
      void reply.send(this.pages.render(request, reply, view));
    }
  }
}

/** A problem as JSON text. */
export function problemDocument(problem: Problem, requestId: string): string {
  return JSON.stringify({
    type: 'about:blank',
    title: problem.title,
    status: problem.status,
    detail: problem.detail,
    instance: requestId,
    errors: problem.fields,
  });
}
