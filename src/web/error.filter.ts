import { Catch, HttpException, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemReplies } from './problem-replies.js';

/** The one place where errors of requests end up. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly replies: ProblemReplies) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const methods = error instanceof NotFoundException ? this.replies.routes.methodsAt(request.url) : [];
    if (methods.length === 0 || methods.includes(request.method)) return this.replies.send(error, request, reply);
    void reply.header('allow', methods.join(', '));
    this.replies.send(new HttpException('Method not allowed', 405), request, reply);
  }
}
