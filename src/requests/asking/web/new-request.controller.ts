import { Controller, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError, NotFoundError } from '../../../common/errors.js';
import { londonDay } from '../../../common/uk-time.js';
import { FormPost, Submission } from '../../../web/form.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { ChoiceField, TextField } from '../../../web/query-fields.js';
import { valuesOf } from '../../../web/submitted-form.js';
import { workingDayAfter } from '../../domain/working-days.js';
import type { DraftLine } from '../../domain/line-plan.js';
import { BeneficiariesQueries, type Beneficiary } from '../beneficiaries.queries.js';
import { CatalogueQueries } from '../catalogue.queries.js';
import { MOST_PEOPLE } from '../draft-check.js';
import { DraftPlanningQueries } from '../draft-planning.queries.js';
import type { DraftDetails } from '../draft-rows.queries.js';
import { DraftsQueries, type OwnDraft } from '../drafts.queries.js';
import { askingPerson } from '../own-request.queries.js';
import { RequestsService } from '../requests.service.js';
import { readChoices, type Choices } from './choices-form.js';
import { AS_IT_IS, bundleOptions, peopleOptions, productRows, sharedChoices } from './new-request.view.js';

/** People whom the page shows at most; a request is for fewer. */
const MOST_SHOWN = 300;
/** Working days ahead that are proposed. */
const DAYS_AHEAD = 10;

/** What the form of a new request can be asked for. */
export class NewRequestParameters {
  @ChoiceField('Only those who report to you, or everybody below you.', ['direct', 'all'], 'direct')
  who?: 'direct' | 'all';

  @TextField('Beginning of the name or surname of those who are looked for.', 'shah')
  name?: string;
}

/** What the form of a draft can be asked for. */
export class ChooseAgainParameters {
  @TextField('Beginning of the name or surname of those who are looked for besides those of the draft.', 'shah')
  name?: string;
}

/** Who is shown to be chosen from. */
interface Shown {
  readonly who: 'direct' | 'all';
  readonly name?: string | undefined;
  readonly draft?: OwnDraft;
}

/** Chooses people and things for a request: a new one, or a draft again. */
@Controller('requests')
export class NewRequestController {
  constructor(
    private readonly requests: RequestsService,
    private readonly drafts: DraftsQueries,
    private readonly beneficiaries: BeneficiariesQueries,
    private readonly catalogue: CatalogueQueries,
    private readonly planning: DraftPlanningQueries,
  ) {}

  @Page('new')
  @SignedIn()
  form(@Query() { who = 'direct', name }: NewRequestParameters, @Current() access: CurrentAccess): Promise<PageView> {
    return this.#form(askingPerson(access), { who, name });
  }

  @FormPost('new', { form: 'form' })
  @SignedIn({ audit: 'request.begun' })
  async begin(
    @Query() { who = 'direct', name }: NewRequestParameters,
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    const person = askingPerson(access);
    const choices = readChoices(valuesOf(request), londonDay(new Date()));
    const lines = await this.planning.plan(await this.#chosen(choices, person, { who, name }), choices.things);
    const { id } = await this.requests.begin({ details: choices.details, lines, idempotencyKey }, access);
    return redirectTo(paths.checkRequest(id));
  }

  @Page(':id/choose')
  @SignedIn()
  async again(
    @Param('id', RecordIdPipe) id: number,
    @Query() { name }: ChooseAgainParameters,
    @Current() access: CurrentAccess,
  ): Promise<PageView | Redirect> {
    const draft = await this.#draft(id, access);
    if (draft.state !== 'draft') return redirectTo(paths.request(id));
    return this.#form(askingPerson(access), { who: 'all', name, draft });
  }

  @FormPost(':id/choose', { form: 'again' })
  @SignedIn({ audit: 'request.changed' })
  async change(
    @Param('id', RecordIdPipe) requestId: number,
    @Query() { name }: ChooseAgainParameters,
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    const draft = await this.#draft(requestId, access);
    const { version, ...values } = valuesOf(request);
    if (typeof version !== 'string') throw new InputError('The form is not readable. Load the page again.', [], 400);
    const choices = readChoices(values, londonDay(new Date()));
    const people = await this.#chosen(choices, askingPerson(access), { who: 'all', name, draft });
    const lines = await this.planning.plan(people, choices.things, draft.lines);
    await this.requests.change({ requestId, version, details: choices.details, lines }, access);
    return redirectTo(paths.checkRequest(requestId));
  }

  async #draft(id: number, access: CurrentAccess): Promise<OwnDraft> {
    const draft = await this.drafts.own(id, askingPerson(access));
    if (draft === null) throw new NotFoundError('There is no such request of yours.');
    return draft;
  }

  /** Oneself and those below, with how many these are; oneself first, and those of a draft while one may ask for them. */
  async #people(person: string, { who, name, draft }: Shown): Promise<{ people: Beneficiary[]; found: number }> {
    const [self, below, asked, refused] = await Promise.all([
      this.beneficiaries.some([person]),
      this.beneficiaries.below(person, who, MOST_SHOWN, name),
      draft ? this.drafts.peopleOf(draft) : [],
      draft ? this.drafts.refusedOf(draft, person) : new Set<string>(),
    ]);
    const known = new Set([person, ...below.map(({ entraId }) => entraId)]);
    const others = asked.filter(({ entraId }) => !known.has(entraId) && !refused.has(entraId));
    return { people: [...self, ...others, ...below], found: below.length };
  }

  /** Object ids of those who were chosen. */
  async #chosen(choices: Choices, person: string, shown: Shown): Promise<string[]> {
    const { people } = await this.#people(person, shown);
    if (people.length === 1 && shown.name === undefined) return [person];
    const chosen = people.filter(({ id, entraId }) =>
      choices.everybody ? entraId !== person || choices.people.includes(id) : choices.people.includes(id),
    );
    const problem =
      !choices.everybody && chosen.length < new Set(choices.people).size
        ? 'Choose people of the list'
        : chosen.length === 0
          ? 'Choose at least one person'
          : chosen.length > MOST_PEOPLE
            ? `Choose at most ${MOST_PEOPLE} people at once`
            : null;
    if (problem !== null) throw new InputError('Put the request right.', [{ field: 'people', message: problem }]);
    return chosen.map(({ entraId }) => entraId);
  }

  async #form(person: string, chosen: Shown): Promise<PageView> {
    const { who, name, draft = null } = chosen;
    const [{ people, found }, catalogue, costCentres, sites] = await Promise.all([
      this.#people(person, chosen),
      this.catalogue.offered(),
      this.drafts.costCentres(),
      this.drafts.sites(),
    ]);
    const holdings = await this.drafts.holdings(people.map(({ entraId }) => entraId));
    const self = people.find(({ entraId }) => entraId === person);
    const own = catalogue.bundles.find(({ workStyle }) => workStyle !== null && workStyle === self?.workStyle);
    const shared = draft === null ? null : sharedChoices(draft.lines, catalogue);
    const details = draft?.details ?? proposedDetails(self, costCentres);
    const reports = people.length - 1;
    const isDifferent = draft !== null && shared === null && draft.lines.length > 0;
    const isAlone = reports === 0 && name === undefined;
    return pageView('requests/asking/web/new-request.njk', {
      title: draft === null ? 'Ask for equipment' : `Change request ${draft.id}`,
      section: 'my-requests',
      action:
        draft === null ? paths.newRequest(who === 'all' ? who : undefined, name) : paths.chooseRequest(draft.id, name),
      search: draft === null ? paths.newRequest() : paths.chooseRequest(draft.id),
      version: draft?.version ?? null,
      isDifferent,
      who,
      name: name ?? '',
      canSearch: name !== undefined || found >= MOST_SHOWN,
      mostShown: found >= MOST_SHOWN ? MOST_SHOWN : null,
      foundNobody: name !== undefined && found === 0,
      reports,
      people: isAlone ? [] : peopleOptions(people, holdings, person),
      ticked: draft === null ? [] : tickedIn(draft.lines, people),
      own: isAlone ? peopleOptions(people, holdings, person)[0] : null,
      canTickAll: reports > 1 && reports <= MOST_PEOPLE,
      bundles: [...(isDifferent ? [AS_IT_IS] : []), ...bundleOptions(catalogue)],
      bundle: isDifferent
        ? AS_IT_IS.value
        : (shared?.bundle ?? (draft === null ? (own && isAlone ? String(own.id) : 'by-work-style') : 'none')),
      products: productRows(catalogue, shared?.items ?? new Map()),
      details,
      sites,
      neededBy: dayParts(details.neededBy),
      costCentres: [
        { value: '', text: 'Not known' },
        ...costCentres.map(({ code, name }) => ({ value: code, text: `${code}: ${name}` })),
      ],
      cancel: draft === null ? paths.myRequests() : paths.checkRequest(draft.id),
    });
  }
}

function proposedDetails(self: Beneficiary | undefined, costCentres: readonly { code: string }[]): DraftDetails {
  const isHome = self?.workStyle === 'home';
  return {
    neededBy: workingDayAfter(londonDay(new Date()), DAYS_AHEAD),
    delivery: isHome ? 'home' : 'site',
    site: self?.site ?? null,
    reason: null,
    costCentreCode: costCentres.find(({ code }) => code === self?.costCentre)?.code ?? null,
  };
}

function dayParts(day: string | null): { day: number; month: number; year: string } | null {
  if (day === null) return null;
  const [year = '', month, date] = day.split('-');
  return { day: Number(date), month: Number(month), year };
}

function tickedIn(lines: readonly DraftLine[], people: readonly Beneficiary[]): string[] {
  const chosen = new Set(lines.map(({ beneficiaryEntraId }) => beneficiaryEntraId));
  return people.filter(({ entraId }) => chosen.has(entraId)).map(({ id }) => String(id));
}
