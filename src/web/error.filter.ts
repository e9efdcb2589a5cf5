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
    this.replies.send(wrongMethod(error, request) ?? error, request, http.getResponse<FastifyReply>());
  }
}

/** Every route reads, so a method that writes is refused as such and not as an unknown address. */
function wrongMethod(error: unknown, request: FastifyRequest): HttpException | null {
  if (!(error instanceof NotFoundException) || request.method === 'GET' || request.method === 'HEAD') return null;
  return new HttpException('Method not allowed', 405);
}
