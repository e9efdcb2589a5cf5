import { Body, Controller, Param, Query, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError } from '../../../common/errors.js';
import { FormPost, Submission } from '../../../web/form.js';
import { OptionalText, RequiredChoice, RequiredWhole } from '../../../web/form-fields.js';
import { listAddress } from '../../../web/list-request.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { PageParameters } from '../../../web/query-fields.js';
import { valuesOf } from '../../../web/submitted-form.js';
import { OUTCOMES, type Outcome } from '../../domain/decision-words.js';
import { ApprovalDetailsQueries, type PersonToDecide } from '../approval-details.queries.js';
import { ApprovalsQueries } from '../approvals.queries.js';
import { DecisionsService, MOST_DECISIONS, type StepLookedAt } from '../decisions.service.js';
import { approvalView, earlierView, personView, waitingWords } from './approval.view.js';

/** Requests on one page: each is shown with everything, so that a page has fewer of them than a list. */
const ON_ONE_PAGE = 25;

class DecisionForm {
  @RequiredWhole('Load the page again', 1, 1_000)
  revision: number;

  @RequiredWhole('Load the page again', 1, 9)
  step: number;

  @RequiredChoice('Choose what you decide', OUTCOMES)
  outcome: Outcome;

  @OptionalText({ longest: 2_000, lines: true })
  reason?: string;
}

const SAID: Readonly<Record<Outcome, string>> = {
  approved: 'The request was approved.',
  rejected: 'The request was rejected, and whoever asked is told why.',
  returned: 'The request was given back, and whoever asked is told what to change.',
};

/** What waits for somebody’s decision, one by one or several at once. */
@Controller('approvals')
export class ApprovalPagesController {
  constructor(
    private readonly approvals: ApprovalsQueries,
    private readonly details: ApprovalDetailsQueries,
    private readonly decisions: DecisionsService,
  ) {}

  @Page('')
  @SignedIn()
  async list(@Query() { limit, cursor }: PageParameters, @Current() access: CurrentAccess): Promise<PageView> {
    const now = new Date();
    const [page, count] = [
      await this.approvals.waiting(access, { limit: limit ?? ON_ONE_PAGE, cursor }),
      await this.approvals.count(access),
    ];
    const people = await this.details.people(page.items);
    const background = await this.details.background(page.items, now, productsOf([...people.values()].flat()));
    const query = { ...(limit === undefined ? {} : { limit: String(limit) }) };
    return pageView('requests/decisions/web/approvals.njk', {
      title: 'Approvals',
      section: 'approvals',
      waiting: page.items.map((approval) => ({
        ...approvalView(approval, background, now),
        people: (people.get(approval.requestId) ?? []).map((person) => personView(person, background.products)),
      })),
      counted: waitingWords(count),
      next: page.next === null ? null : listAddress(paths.approvals(), { ...query, cursor: page.next }),
      isFurther: cursor !== undefined,
    });
  }

  @FormPost('approve', { form: 'list' })
  @SignedIn({ audit: ['request.step-approved', 'request.approved'] })
  @UseGuards(NoParametersGuard)
  async approve(
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<PageView> {
    const steps = stepsIn(valuesOf(request)['decision']);
    const results = await this.decisions.approveMany(steps, idempotencyKey, access);
    return pageView('requests/decisions/web/approvals-result.njk', {
      title: 'What became of your approvals',
      section: 'approvals',
      approved: results.flatMap((each) =>
        each.ok ? [{ id: each.requestId, goesOn: each.state === 'submitted' }] : [],
      ),
      refused: results.flatMap((each) =>
        each.ok ? [] : [{ id: each.requestId, href: paths.request(each.requestId), refusal: each.refusal }],
      ),
    });
  }

  @Page(':id')
  @SignedIn()
  @UseGuards(NoParametersGuard)
  async one(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const approval = await this.approvals.one(id, access);
    if (approval === null) return redirectTo(paths.request(id));
    const now = new Date();
    const people = (await this.details.people([approval])).get(id) ?? [];
    const background = await this.details.background([approval], now, productsOf(people));
    const earlier = await this.details.earlier(approval);
    const view = approvalView(approval, background, now);
    return pageView('requests/decisions/web/approval.njk', {
      title: view.title,
      section: 'approvals',
      approval: view,
      revision: approval.revision,
      step: approval.step,
      people: people.map((person) => personView(person, background.products)),
      earlier: earlier.map((each) => earlierView(each, now)),
    });
  }

  @FormPost(':id', { form: 'one' })
  @SignedIn({ audit: ['request.step-approved', 'request.approved', 'request.rejected', 'request.returned'] })
  @UseGuards(NoParametersGuard)
  async decide(
    @Param('id', RecordIdPipe) requestId: number,
    @Body() { revision, step, outcome, reason }: DecisionForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    const decision = { requestId, revision, step, outcome, reason: reason ?? null };
    await this.decisions.decide({ ...decision, idempotencyKey }, access);
    return redirectTo(paths.approvals(), SAID[outcome]);
  }
}

/** Products that people have or wait for, whose names are shown. */
function productsOf(people: readonly PersonToDecide[]): number[] {
  return people.flatMap(({ holdings }) => [
    ...holdings.held.keys(),
    ...holdings.awaited.map(({ productId }) => productId),
  ]);
}

/** The steps that were ticked. @throws InputError without any, or 400 for what no page has sent */
function stepsIn(ticked: string | readonly string[] | undefined): StepLookedAt[] {
  const ticks = ticked === undefined ? [] : [ticked].flat();
  if (ticks.length < 1 || ticks.length > MOST_DECISIONS) {
    const message = 'Tick at least one request';
    throw new InputError(`${message}.`, [{ field: 'decisions', message }]);
  }
  return ticks.map((tick) => {
    const [, requestId, revision, step] = /^([1-9]\d{0,8}):([1-9]\d{0,2}|1000):([1-9])$/.exec(tick) ?? [];
    if (step === undefined) throw new InputError('The form is not readable. Load the page again.', [], 400);
    return { requestId: Number(requestId), revision: Number(revision), step: Number(step) };
  });
}
