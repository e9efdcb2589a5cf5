import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { shownTime } from '../../common/uk-time.js';
import { ActorNamesQueries } from '../../directory/actor-names.queries.js';
import { FormPost } from '../../web/form.js';
import { RequiredChoice } from '../../web/form-fields.js';
import { ListPages, ListQuery } from '../../web/list-page.js';
import type { RawQuery } from '../../web/list-request.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { paths } from '../../web/paths.js';
import { ANSWERS, type DecisionsParameters } from '../api/identity.parameters.js';
import { IdentityQueries } from '../identity.queries.js';
import { ReviewService } from '../review.service.js';
import { DECISION_LIST, DECISION_NAMES, REVIEW_LIST } from './identity-lists.js';
import { ReasonForm } from './model-decision.parameters.js';
import { reviewPageView } from './review.view.js';

/** The answer to a review, and why. */
class AnswerForm extends ReasonForm {
  @RequiredChoice('Say whether they are one machine', ANSWERS)
  decision: (typeof ANSWERS)[number];
}

/** Questions about which records are one machine, their answers, and taking these back. */
@Controller()
export class ReviewListsController {
  constructor(
    private readonly lists: ListPages,
    private readonly identity: IdentityQueries,
    private readonly reviews: ReviewService,
    private readonly actors: ActorNamesQueries,
  ) {}

  @Page('reviews')
  @Access('estate:read')
  list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(
      REVIEW_LIST,
      query,
      access,
      {
        page: (parameters) => this.identity.openReviews(parameters),
        count: ({ kind }) => this.identity.countOpenReviews(kind),
      },
      { template: 'devices/web/reviews.njk' },
    );
  }

  @Page('reviews/:id')
  @Access('estate:read')
  @UseGuards(NoParametersGuard)
  async review(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<PageView> {
    const review = await this.identity.review(id);
    const words = await this.actors.of([review.settledBy]);
    const mayDecide = access.permissions.has('identity:decide');
    return pageView('devices/web/review.njk', reviewPageView(review, words(review.settledBy), mayDecide, new Date()));
  }

  @FormPost('reviews/:id', { form: 'review' })
  @Access('identity:decide', { audit: 'review.settled' })
  async settle(
    @Param('id', RecordIdPipe) id: number,
    @Body() { decision, reason }: AnswerForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    const { decisionId } = await this.reviews.settle(id, decision, access.actor, reason);
    return redirectTo(paths.decision(decisionId), 'Decided. It holds against every later synchronisation.');
  }

  @Page('decisions')
  @Access('estate:read')
  decisions(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(DECISION_LIST, query, access, {
      page: async (parameters) => {
        const page = await this.identity.decisions(await this.#ofCurrentDevice(parameters));
        const words = await this.actors.of(page.items.flatMap(({ decidedBy, undoneBy }) => [decidedBy, undoneBy]));
        const items = page.items.map((row) => ({ ...row, decider: words(row.decidedBy), undoer: words(row.undoneBy) }));
        return { ...page, items };
      },
      count: async (filter) => this.identity.countDecisions(await this.#ofCurrentDevice(filter)),
    });
  }

  @Page('decisions/:id')
  @Access('estate:read')
  @UseGuards(NoParametersGuard)
  async decision(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<PageView> {
    const decision = await this.identity.decision(id);
    const words = await this.actors.of([decision.decidedBy, decision.undoneBy]);
    const now = new Date();
    return pageView('devices/web/decision.njk', {
      title: `Decision ${id}: ${DECISION_NAMES[decision.kind].toLowerCase()}`,
      decision,
      decider: words(decision.decidedBy),
      undoer: words(decision.undoneBy),
      decided: shownTime(decision.decidedAt, now),
      undone: shownTime(decision.undoneAt, now),
      mayUndo: access.permissions.has('identity:decide') && decision.undoneAt === null,
    });
  }

  @FormPost('decisions/:id', { form: 'decision' })
  @Access('identity:decide', { audit: 'identity.decision-undone' })
  async undo(
    @Param('id', RecordIdPipe) id: number,
    @Body() { reason }: ReasonForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.reviews.undo(id, access.actor, reason);
    return redirectTo(paths.decision(id), 'Undone. The records are on the machines that they were on before.');
  }

  /** A device that was merged stands for what it is now. */
  async #ofCurrentDevice(parameters: DecisionsParameters): Promise<DecisionsParameters> {
    if (parameters.deviceId === undefined) return parameters;
    return { ...parameters, deviceId: await this.identity.currentDevice(parameters.deviceId) };
  }
}
