import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError, NotFoundError } from '../../../common/errors.js';
import { FormPost } from '../../../web/form.js';
import { OptionalText, RequiredChoice, RequiredText } from '../../../web/form-fields.js';
import { ListPages, ListQuery } from '../../../web/list-page.js';
import type { RawQuery } from '../../../web/list-request.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { READINESS_OUTCOMES, type ReadinessOutcome } from '../../domain/move-words.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { ApplicationsQueries } from '../applications.queries.js';
import { ApplicationsService, type ApplicationInput } from '../applications.service.js';
import { APPLICATION_LIST, APPLICATION_STATES } from './readiness-lists.js';

/** What is known of an application. */
class ApplicationForm {
  @RequiredText('Enter the name of the application', { longest: 120 })
  name: string;

  @RequiredChoice('Choose whether it works on the laptops', READINESS_OUTCOMES)
  state: ReadinessOutcome;

  @OptionalText({ longest: 80 })
  owner?: string;

  @OptionalText({ longest: 2_000, lines: true })
  note?: string;
}

/** The same of an application that was looked at. */
class ApplicationChangeForm extends ApplicationForm {
  @RequiredText('Load the page again', { longest: 18 })
  version: string;
}

/** The applications that not everybody has, and which of them work on the laptops. */
@Controller('rollout/applications')
export class ApplicationPagesController {
  constructor(
    private readonly lists: ListPages,
    private readonly programmes: ProgrammeQueries,
    private readonly queries: ApplicationsQueries,
    private readonly applications: ApplicationsService,
  ) {}

  @Page('')
  @Access('rollout:read')
  async list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const programme = await this.programmes.current();
    return this.lists.show(
      APPLICATION_LIST,
      query,
      access,
      {
        page: ({ limit, cursor, sort, ...filter }) =>
          programme === null
            ? Promise.resolve({ items: [], next: null, asOf: null })
            : this.queries.page(programme.id, filter, { limit, cursor }, sort),
        count: ({ search, state }) =>
          programme === null
            ? Promise.resolve({ rows: 0, more: false })
            : this.queries.count(programme.id, { search, state }),
      },
      {
        template: 'rollout/readiness/web/applications.njk',
        data: { mayChange: access.permissions.has('rollout:manage') },
      },
    );
  }

  @Page('new')
  @Access('rollout:manage')
  @UseGuards(NoParametersGuard)
  newForm(): PageView {
    return pageView('rollout/readiness/web/application.njk', {
      title: 'Add an application',
      action: paths.newRolloutApplication(),
      application: null,
      mayChange: true,
      states: APPLICATION_STATES,
    });
  }

  @FormPost('new', { form: 'newForm' })
  @Access('rollout:manage', { audit: 'rollout-application.named' })
  @UseGuards(NoParametersGuard)
  async name(@Body() form: ApplicationForm, @Current() access: CurrentAccess): Promise<Redirect> {
    await this.applications.name(inputOf(form), access.actor);
    return redirectTo(paths.rolloutApplications(), 'The application is on the list.');
  }

  @Page(':id')
  @Access('rollout:read')
  @UseGuards(NoParametersGuard)
  async form(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<PageView> {
    const application = await this.queries.one(id);
    if (application === null) throw new NotFoundError('There is no such application.');
    return pageView('rollout/readiness/web/application.njk', {
      title: application.name,
      action: paths.rolloutApplication(id),
      application,
      mayChange: access.permissions.has('rollout:manage'),
      states: APPLICATION_STATES,
    });
  }

  @FormPost(':id', { form: 'form' })
  @Access('rollout:manage', { audit: 'rollout-application.changed' })
  @UseGuards(NoParametersGuard)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() form: ApplicationChangeForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    if (!/^\d+$/.test(form.version)) {
      throw new InputError('The form came without its version. Load the page again and send it once more.');
    }
    const { evaluated } = await this.applications.change({ ...inputOf(form), id, version: form.version }, access.actor);
    const people = evaluated === 1 ? '1 person' : `${evaluated} people`;
    return redirectTo(paths.rolloutApplications(), `Saved. The readiness of ${people} was worked out anew.`);
  }
}

function inputOf({ name, state, owner, note }: ApplicationForm): ApplicationInput {
  return { name, state, owner: owner ?? null, note: note ?? null };
}
