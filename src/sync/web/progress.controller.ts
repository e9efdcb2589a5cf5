import { Controller, Get, Header, Req, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { Access } from '../../auth/access.decorator.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { ProgressFeed } from './progress-feed.js';

/** How the runs at work are doing, as it happens: server-sent events for the pages about the synchronisation. */
@ApiExcludeController()
@Controller('sync/progress')
export class ProgressController {
  constructor(private readonly feed: ProgressFeed) {}

  @Access('sync:read')
  @Get()
  @UseGuards(NoParametersGuard)
  @Header('content-type', 'text/event-stream; charset=utf-8')
  @Header('x-accel-buffering', 'no')
  // An open connection would hold up a process that stops.
  @Header('connection', 'close')
  async progress(@Req() request: FastifyRequest): Promise<Readable> {
    return (await this.feed.listen(request)).body;
  }
}
