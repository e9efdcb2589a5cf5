import { Body, Controller, Get, Headers, Put, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { Answers, record, whole } from '../../../web/api-schema.js';
import { versionIn } from '../../../web/if-match.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import type { NeededVerdict } from '../../domain/network-words.js';
import { NetworkSettingsQueries, type NetworkSettingsVersion } from '../network-settings.queries.js';
import { NetworkSettingsService } from '../network-settings.service.js';
import {
  cataloguedAssumptions,
  cataloguedThresholds,
  type CataloguedAssumption,
  type CataloguedThreshold,
} from '../settings-catalogue.js';
import { settingsOfBody } from '../settings-input.js';
import { settingsBodySchema, settingsSchema, versionsSchema } from './network-settings.schema.js';

interface SettingsAnswer {
  readonly version: number;
  readonly neededAtSite: NeededVerdict;
  readonly neededAtHome: NeededVerdict;
  readonly thresholds: readonly CataloguedThreshold[];
  readonly assumptions: readonly CataloguedAssumption[];
}

/** By what networks are judged, for programs. */
@ApiTags('Network')
@Controller('api/v1/network/settings')
export class NetworkSettingsController {
  constructor(
    private readonly queries: NetworkSettingsQueries,
    private readonly service: NetworkSettingsService,
  ) {}

  @Get()
  @Access('network:read')
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Show the thresholds and assumptions by which networks are judged', schema: settingsSchema })
  async current(@Res({ passthrough: true }) reply: FastifyReply): Promise<SettingsAnswer> {
    const { version, settings } = await this.queries.current();
    void reply.header('etag', `"${version}"`);
    const { neededAtSite, neededAtHome } = settings;
    return {
      ...{ version, neededAtSite, neededAtHome },
      thresholds: cataloguedThresholds(settings),
      assumptions: cataloguedAssumptions(settings),
    };
  }

  @Get('versions')
  @Access('network:read')
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'List the latest 50 versions of these settings', schema: versionsSchema })
  async versions(): Promise<readonly Omit<NetworkSettingsVersion, 'settings'>[]> {
    const versions = await this.queries.versions();
    return versions.map(({ version, reason, actor, createdAt }) => ({ version, reason, actor, createdAt }));
  }

  @Put()
  @Access('network:manage', { audit: 'network-settings.changed' })
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Change by what networks are judged',
    description: 'All of it is given anew. 409 when somebody else has changed the settings since that version.',
    schema: record({ version: whole() }),
    refusals: [409],
  })
  @ApiBody({ schema: settingsBodySchema })
  @ApiHeader({ name: 'If-Match', required: true, description: 'Version of the settings that was looked at.' })
  change(
    @Body() body: unknown,
    @Current() access: CurrentAccess,
    @Headers('if-match') ifMatch?: string,
  ): Promise<{ readonly version: number }> {
    const version = Number(versionIn(ifMatch, 'settings'));
    return this.service.change({ ...settingsOfBody(body), version }, access.actor);
  }
}
