import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { OpenToAll } from '../auth/access.decorator.js';
import { ReadinessQueries } from './readiness.queries.js';
import { SHELL, type Shell } from './shell.js';

/** For whatever restarts the process (live) or sends it requests (ready). Microsoft Graph being down is neither. */
@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(
    @Inject(SHELL) private readonly shell: Shell,
    private readonly readiness: ReadinessQueries,
  ) {}

  @OpenToAll()
  @Get('live')
  live(): { status: 'live'; pid: number } {
    return { status: 'live', pid: process.pid };
  }

  @OpenToAll()
  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ status: string; database: string }> {
    const database = await this.readiness.database();
    const stopping = this.shell.lifecycle.stopping;
    if (stopping || database !== 'ready') void reply.code(503);
    return { status: stopping ? 'stopping' : database === 'ready' ? 'ready' : 'not ready', database };
  }
}
