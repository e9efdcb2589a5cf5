import { Body, Controller, Get, Param, Req, Res, UseGuards } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { LARGEST_EVIDENCE } from '../../../common/evidence-file.js';
import { shownDay, shownTime } from '../../../common/uk-time.js';
import { sendEvidence } from '../../../web/evidence-answer.js';
import { FormPost, Submission } from '../../../web/form.js';
import { formFileOf } from '../../../web/form-file.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { SURVEY_RESULT_WORDS } from '../inventory-words.js';
import { SitesQueries } from '../sites.queries.js';
import { SurveysQueries, type WifiSurveyView } from '../surveys.queries.js';
import { SurveysService } from '../surveys.service.js';
import { EVIDENCE_ACCEPT, EVIDENCE_HINT, ReasonForm, SurveyForm, surveyOf } from './inventory-forms.js';

/** Entering and withdrawing surveys of the Wi-Fi. */
@Controller('network')
export class SurveyPagesController {
  constructor(
    private readonly queries: SurveysQueries,
    private readonly sites: SitesQueries,
    private readonly surveys: SurveysService,
  ) {}

  @Page('sites/:id/surveys/new')
  @Access('network:manage')
  @UseGuards(NoParametersGuard)
  async newForm(@Param('id', RecordIdPipe) siteId: number): Promise<PageView> {
    const site = await this.sites.one(siteId);
    if (site === null) throw new NotFoundError('There is no such site.');
    return pageView('network/sites/web/new-survey.njk', {
      title: `Add a survey of the Wi-Fi at ${site.name}`,
      siteId,
      results: Object.entries(SURVEY_RESULT_WORDS).map(([value, text]) => ({ value, text })),
      hint: EVIDENCE_HINT,
      accept: EVIDENCE_ACCEPT,
    });
  }

  // Above the decorator of forms, so that it is what remains of the two.
  @RouteConfig({ takesForm: true, takesFileOf: LARGEST_EVIDENCE })
  @FormPost('sites/:id/surveys/new', { form: 'newForm' })
  @Access('network:manage', { audit: 'wifi-survey.added' })
  @UseGuards(NoParametersGuard)
  async add(
    @Param('id', RecordIdPipe) siteId: number,
    @Body() form: SurveyForm,
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
    @Submission() key: string,
  ): Promise<Redirect> {
    await this.surveys.add(siteId, surveyOf(form), formFileOf(request), key, access.actor);
    return redirectTo(paths.networkSite(siteId), 'The survey was added.');
  }

  @Page('surveys/:id')
  @Access('network:read')
  @UseGuards(NoParametersGuard)
  async form(@Param('id', RecordIdPipe) id: number, @Current() { permissions }: CurrentAccess): Promise<PageView> {
    const survey = await this.queries.one(id);
    if (survey === null) throw new NotFoundError('There is no such survey.');
    return pageView('network/sites/web/survey.njk', {
      title: `Survey of the Wi-Fi at ${survey.site}`,
      survey,
      facts: factsOf(survey, new Date()),
      mayWithdraw: permissions.has('network:manage') && survey.withdrawnAt === null,
    });
  }

  @FormPost('surveys/:id', { form: 'form' })
  @Access('network:manage', { audit: 'wifi-survey.withdrawn' })
  @UseGuards(NoParametersGuard)
  async withdraw(
    @Param('id', RecordIdPipe) id: number,
    @Body() { reason, version }: ReasonForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.surveys.withdraw(id, reason, version, access.actor);
    return redirectTo(paths.wifiSurvey(id), 'The survey was withdrawn.');
  }

  @Get('surveys/:id/evidence')
  @ApiExcludeEndpoint()
  @Access('network:read')
  @UseGuards(NoParametersGuard)
  async evidence(
    @Param('id', RecordIdPipe) id: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return sendEvidence(reply, await this.queries.file(id));
  }
}

interface Fact {
  readonly label: string;
  readonly value: string;
  readonly link?: string;
  readonly note?: string;
}

function factsOf(survey: WifiSurveyView, now: Date): readonly Fact[] {
  const { id, evidenceName, clientsSupported, expiresOn } = survey;
  return [
    { label: 'Surveyed', value: shownDay(survey.surveyedOn) },
    { label: 'Result', value: SURVEY_RESULT_WORDS[survey.result] },
    { label: 'Floors or parts', value: survey.floors ?? 'All of the site' },
    { label: 'Clients at once', value: clientsSupported === null ? 'Not known' : String(clientsSupported) },
    { label: 'Counts until', value: expiresOn === null ? 'As long as the thresholds say' : shownDay(expiresOn) },
    evidenceName === null
      ? { label: 'Evidence', value: 'None' }
      : {
          label: 'Evidence',
          value: evidenceName,
          link: paths.wifiSurveyEvidence(id),
          note: `${survey.evidenceBytes} bytes, SHA-256 ${survey.evidenceHash}`,
        },
    ...(survey.withdrawnReason === null
      ? []
      : [
          {
            label: 'Withdrawn',
            value: shownTime(survey.withdrawnAt, now)?.text ?? '',
            note: survey.withdrawnReason,
          },
        ]),
  ];
}
