import { Controller, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { shownTime } from '../../../common/uk-time.js';
import { ActorNamesQueries } from '../../../directory/actor-names.queries.js';
import { FormPost } from '../../../web/form.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { paths } from '../../../web/paths.js';
import { valuesOf } from '../../../web/submitted-form.js';
import { NetworkSettingsQueries } from '../network-settings.queries.js';
import { NetworkSettingsService } from '../network-settings.service.js';
import { settingsOfForm } from '../settings-input.js';
import { settingsView } from './network-settings.view.js';

/** By what networks are judged, where that is written, and how it came to be what it is. */
@Controller('network/settings')
export class NetworkSettingsPagesController {
  constructor(
    private readonly queries: NetworkSettingsQueries,
    private readonly service: NetworkSettingsService,
    private readonly actors: ActorNamesQueries,
  ) {}

  @Page('')
  @Access('network:read')
  @UseGuards(NoParametersGuard)
  async form(@Current() access: CurrentAccess): Promise<PageView> {
    const now = new Date();
    const [{ version, settings }, versions] = await Promise.all([this.queries.current(), this.queries.versions()]);
    const names = await this.actors.of(versions.map(({ actor }) => actor));
    return pageView('network/settings/web/network-settings.njk', {
      ...settingsView(settings),
      title: 'Thresholds and assumptions',
      version,
      mayChange: access.permissions.has('network:manage'),
      versions: versions.map((each) => ({
        ...{ version: each.version, reason: each.reason },
        by: names(each.actor),
        at: shownTime(each.createdAt, now),
      })),
    });
  }

  @FormPost('', { form: 'form' })
  @Access('network:manage', { audit: 'network-settings.changed' })
  @UseGuards(NoParametersGuard)
  async change(@Req() request: FastifyRequest, @Current() access: CurrentAccess): Promise<Redirect> {
    const { version } = await this.service.change(settingsOfForm(valuesOf(request)), access.actor);
    return redirectTo(paths.networkSettings(), `Saved as version ${version}. Every verdict goes by it from now on.`);
  }
}
