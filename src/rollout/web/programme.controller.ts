import { Body, Controller, Query, Req, UseGuards } from '@nestjs/common';
import { IsIn } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { InputError } from '../../common/errors.js';
import { ActorNamesQueries } from '../../directory/actor-names.queries.js';
import { FormPost } from '../../web/form.js';
import { RequiredId, RequiredText } from '../../web/form-fields.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { paths } from '../../web/paths.js';
import { valuesOf } from '../../web/submitted-form.js';
import { PERSON_LEFT_OUT, type PersonLeftOut } from '../scope-sql.js';
import { ProgrammeQueries, type CurrentProgramme } from '../programme.queries.js';
import { ProgrammeService } from '../programme.service.js';
import { PERSON_LEFT_OUT_WORDS, ScopePreviewQueries } from '../scope-preview.queries.js';
import { dateParts, readPlan, scopeFields } from './programme-plan.js';
import { programmeFacts, scopeView } from './programme.view.js';

/** Why people are left out. */
class LeftOutParameters {
  @IsIn(PERSON_LEFT_OUT, { message: 'give one of the reasons' })
  reason: PersonLeftOut;
}

class StartForm {
  @RequiredId('Load the page again')
  version: number;
}

class CloseForm extends StartForm {
  @RequiredText('Enter the reason', { longest: 2_000, lines: true })
  reason: string;
}

/** How many of those who are left out are shown by name. */
const SHOWN = 200;
const SECTION = 'programme';

/** The programme: planned and changed, looked at before it starts, started and closed. */
@Controller('rollout/programme')
export class ProgrammeController {
  constructor(
    private readonly programmes: ProgrammeQueries,
    private readonly service: ProgrammeService,
    private readonly previews: ScopePreviewQueries,
    private readonly actors: ActorNamesQueries,
  ) {}

  @Page('')
  @Access('rollout:read')
  @UseGuards(NoParametersGuard)
  async show(): Promise<PageView> {
    const programme = await this.programmes.current();
    if (programme === null) {
      return pageView('rollout/web/programme.njk', { title: 'Programme', section: SECTION, programme });
    }
    const isDraft = programme.state === 'draft';
    const [record, preview] = await Promise.all([
      this.programmes.record(programme.id),
      isDraft ? this.previews.preview(programme.scope) : null,
    ]);
    const names = await this.actors.of([record.createdBy, record.closed?.by ?? null]);
    return pageView('rollout/web/programme.njk', {
      title: programme.name,
      section: SECTION,
      programme,
      facts: programmeFacts(programme, record, names, new Date()),
      preview: preview && scopeView(preview),
    });
  }

  @Page('left-out')
  @Access('rollout:manage')
  async leftOut(@Query() { reason }: LeftOutParameters): Promise<PageView | Redirect> {
    const programme = await this.programmes.current();
    if (programme === null) return redirectTo(paths.programme());
    const people = await this.previews.leftOut(programme.scope, reason, SHOWN + 1);
    return pageView('rollout/web/programme-left-out.njk', {
      title: PERSON_LEFT_OUT_WORDS[reason],
      section: SECTION,
      people: people.slice(0, SHOWN).map((person) => ({ ...person, href: paths.person(person.id) })),
      more: people.length > SHOWN,
      shown: SHOWN,
      back: { href: paths.programme(), text: 'Programme' },
    });
  }

  @Page('plan')
  @Access('rollout:manage')
  @UseGuards(NoParametersGuard)
  async planForm(): Promise<PageView | Redirect> {
    const [programme, choices] = await Promise.all([this.#draft(), this.programmes.scopeChoices()]);
    if (programme === 'running') return redirectTo(paths.programme());
    return pageView('rollout/web/programme-plan.njk', {
      title: programme === null ? 'Plan a programme' : 'Change what is planned',
      section: SECTION,
      version: programme?.version ?? '0',
      name: programme?.name ?? '',
      startsOn: dateParts(programme?.startsOn),
      targetOn: dateParts(programme?.targetOn),
      lists: scopeFields(programme, choices),
      includes: programme === null || programme.scope.includePeopleWithoutDesktop ? 'yes' : 'no',
      back: { href: paths.programme(), text: 'Programme' },
    });
  }

  @FormPost('plan', { form: 'planForm' })
  @Access('rollout:manage', { audit: ['programme.planned', 'programme.changed'] })
  async plan(@Req() request: FastifyRequest, @Current() { actor }: CurrentAccess): Promise<Redirect> {
    const { version, ...typed } = valuesOf(request);
    if (typeof version !== 'string' || !/^(0|[1-9]\d{0,17})$/.test(version)) {
      throw new InputError('The form came without its version. Load the page again and send it once more.');
    }
    const [programme, choices] = await Promise.all([this.#draft(), this.programmes.scopeChoices()]);
    const known = programme === 'running' ? null : programme;
    const plan = readPlan(typed, known, choices);
    if (version === '0') await this.service.create(plan, actor);
    else await this.service.change(known?.id ?? 0, version, plan, actor);
    return redirectTo(paths.programme(), 'Stored. Nothing has started: look below at who would take part.');
  }

  @Page('start')
  @Access('rollout:manage')
  @UseGuards(NoParametersGuard)
  async startForm(): Promise<PageView | Redirect> {
    const programme = await this.#draft();
    if (programme === null || programme === 'running') return redirectTo(paths.programme());
    const preview = await this.previews.preview(programme.scope);
    return pageView('rollout/web/programme-start.njk', {
      title: `Start ${programme.name}`,
      section: SECTION,
      version: programme.version,
      preview: scopeView(preview),
      back: { href: paths.programme(), text: 'Programme' },
    });
  }

  @FormPost('start', { form: 'startForm' })
  @Access('rollout:manage', { audit: 'programme.started' })
  async start(@Body() { version }: StartForm, @Current() { actor }: CurrentAccess): Promise<Redirect> {
    const programme = await this.#draft();
    if (programme === null || programme === 'running') return redirectTo(paths.programme());
    await this.service.start(programme.id, String(version), actor);
    return redirectTo(paths.programme(), 'The programme runs. The baseline is frozen.');
  }

  @Page('close')
  @Access('rollout:manage')
  @UseGuards(NoParametersGuard)
  async closeForm(): Promise<PageView | Redirect> {
    const programme = await this.programmes.current();
    if (programme?.state !== 'running') return redirectTo(paths.programme());
    return pageView('rollout/web/programme-close.njk', {
      title: `Close ${programme.name}`,
      section: SECTION,
      version: programme.version,
      back: { href: paths.programme(), text: 'Programme' },
    });
  }

  @FormPost('close', { form: 'closeForm' })
  @Access('rollout:manage', { audit: 'programme.closed' })
  async close(@Body() { version, reason }: CloseForm, @Current() { actor }: CurrentAccess): Promise<Redirect> {
    const programme = await this.programmes.current();
    if (programme?.state !== 'running') return redirectTo(paths.programme());
    await this.service.close(programme.id, String(version), actor, reason);
    return redirectTo(paths.programme(), 'The programme is closed.');
  }

  /** What is planned; null when nothing is, so that something can be. */
  async #draft(): Promise<CurrentProgramme | 'running' | null> {
    const programme = await this.programmes.current();
    if (programme?.state === 'running') return 'running';
    return programme?.state === 'draft' ? programme : null;
  }
}
