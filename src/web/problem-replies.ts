import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { pageView } from './page.js';
import type { PageRenderer } from './page-renderer.js';
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
    if (isForPrograms(request.url)) void reply.type(PROBLEM_JSON).send(problemDocument(problem, request.id));
    else {
      const view = pageView('web/views/error.njk', { problem, requestId: request.id }, { status: problem.status });
      void reply.send(this.pages.render(request, reply, view));
    }
  }
}

function isForPrograms(url: string): boolean {
  return /^\/+(api|health|assets)(\/|\?|$)/.test(url) && !/^\/api\/docs(\?|$)/.test(url);
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
