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
import { derivationSettingsIn } from '../../domain/derivation-settings.js';
import { WORK_STYLE_WORDS, WORK_STYLES } from '../../domain/move-words.js';
import { READINESS_RULES, RULE_WORDS } from '../../domain/readiness/rules.js';
import { NAMED_OWNERS, readinessSettingsOf } from '../../domain/readiness/settings.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { RolloutSettingsService } from '../rollout-settings.service.js';
import { SettingsHistoryQueries } from '../settings-history.queries.js';
import { modelsText, settingsSent } from './settings-form.js';

const TITLE = 'Settings of the rollout';

/** The settings of the programme, and how they came to be what they are. */
@Controller('rollout/settings')
export class SettingsPagesController {
  constructor(
    private readonly programmes: ProgrammeQueries,
    private readonly history: SettingsHistoryQueries,
    private readonly settings: RolloutSettingsService,
    private readonly actors: ActorNamesQueries,
  ) {}

  @Page('')
  @Access('rollout:read')
  @UseGuards(NoParametersGuard)
  async form(@Current() access: CurrentAccess): Promise<PageView> {
    const now = new Date();
    const programme = await this.programmes.current();
    if (programme === null) return pageView('rollout/burndown/web/no-programme.njk', { title: TITLE, planned: null });
    const [versions, products] = await Promise.all([this.history.versions(programme.id), this.history.products()]);
    const names = await this.actors.of(versions.map(({ actor }) => actor));
    const readiness = readinessSettingsOf(programme.settings);
    return pageView('rollout/readiness/web/settings.njk', {
      title: TITLE,
      programme: programme.name,
      version: programme.settingsVersion,
      mayChange: access.permissions.has('rollout:manage'),
      readiness,
      derivation: derivationSettingsIn(programme.settings),
      models: modelsText(readiness.approvedModels),
      rules: READINESS_RULES.map((value) => ({ value, text: RULE_WORDS[value] })),
      styles: WORK_STYLES.map((value) => ({ value, text: WORK_STYLE_WORDS[value] })),
      products: products.map(({ skuId, partNumber }) => ({ value: skuId, text: partNumber })),
      namedOwners: Object.values(NAMED_OWNERS),
      versions: versions.map(({ version, reason, actor, at }) => ({
        ...{ version, reason },
        by: names(actor),
        at: shownTime(at, now),
      })),
    });
  }

  @FormPost('', { form: 'form' })
  @Access('rollout:manage', { audit: 'rollout-settings.changed' })
  @UseGuards(NoParametersGuard)
  async change(@Req() request: FastifyRequest, @Current() access: CurrentAccess): Promise<Redirect> {
    const { version } = await this.settings.change(settingsSent(valuesOf(request)), access.actor);
    return redirectTo(
      paths.rolloutSettings(),
      `Saved as version ${version}. Everybody’s readiness is worked out by it within a minute.`,
    );
  }
}
