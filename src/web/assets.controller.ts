import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { OpenToAll } from '../auth/access.decorator.js';
import { NotFoundError } from '../common/errors.js';
import { SHELL, type Shell } from './shell.js';

/** Styles, scripts and the icon, kept by browsers for a year: another content has another address. */
@ApiExcludeController()
@Controller('assets')
export class AssetsController {
  constructor(@Inject(SHELL) private readonly shell: Shell) {}

  @OpenToAll()
  @Get(':version/:name')
  file(
    @Param('version') version: string,
    @Param('name') name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Buffer {
    const asset = this.shell.assets.find(version, name);
    if (!asset) throw new NotFoundError('There is no such file.');
    void reply.type(asset.type).header('cache-control', 'public, max-age=31536000, immutable');
    return asset.content;
  }
}
