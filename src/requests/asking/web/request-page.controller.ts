import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { ActorNamesQueries } from '../../../directory/actor-names.queries.js';
import { FormPost, Submission } from '../../../web/form.js';
import { RequiredText } from '../../../web/form-fields.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { LONGEST_REASON } from '../draft-check.js';
import { RequestAccessQueries, type RequestSight } from '../request-access.queries.js';
import { RequestEndingsService } from '../request-endings.service.js';
import { WholeRequestQueries, type WholeRequest } from '../whole-request.queries.js';
import { changesView } from './revision-changes.view.js';
import { offersOf, requestView } from './request-page.view.js';
import { historyLines, stepLines } from './request-history.view.js';

/** Why a request is cancelled, and the version that was looked at. */
class CancelForm {
  @RequiredText('Enter why it is cancelled', { longest: LONGEST_REASON, lines: true })
  reason: string;

  @RequiredText('Load the page again', { longest: 20 })
  version: string;
}

/** The version that was looked at. */
class VersionForm {
  @RequiredText('Load the page again', { longest: 20 })
  version: string;
}

/** A form of one button. */
class NoFields {}

/** One request with everything behind it, and what whoever made it can do with it. */
@Controller('requests/:id')
export class RequestPageController {
  constructor(
    private readonly access: RequestAccessQueries,
    private readonly whole: WholeRequestQueries,
    private readonly endings: RequestEndingsService,
    private readonly actors: ActorNamesQueries,
  ) {}

  @Page('')
  @SignedIn()
  @UseGuards(NoParametersGuard)
  async show(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const { sight, request } = await this.#request(id, access);
    // A draft that was never submitted has nothing else to show.
    if (sight.isRequester && request.state === 'draft' && request.revision === 1) {
      return redirectTo(paths.checkRequest(id));
    }
    const now = new Date();
    const names = await this.actors.of(request.history.map(({ actor }) => actor));
    return pageView('requests/asking/web/request-page.njk', {
      title: `Request ${id}`,
      section: !sight.isRequester && access.permissions.has('requests:read') ? 'requests' : 'my-requests',
      id,
      ...requestView(request, sight, access.personEntraId, now),
      steps: stepLines(request, now),
      changes: changesView(request),
      history: historyLines(request, names, now),
      ...offersOf(request, sight, access.personEntraId),
    });
  }

  @Page('reopen')
  @SignedIn()
  @UseGuards(NoParametersGuard)
  async reopenForm(
    @Param('id', RecordIdPipe) id: number,
    @Current() access: CurrentAccess,
  ): Promise<PageView | Redirect> {
    const { sight, request } = await this.#request(id, access);
    if (!offersOf(request, sight, access.personEntraId).canChange) return redirectTo(paths.request(id));
    return pageView('requests/asking/web/reopen-request.njk', {
      title: `Change request ${id}`,
      section: 'my-requests',
      id,
      version: request.version,
      isApproved: request.state === 'approved',
    });
  }

  @FormPost('reopen', { form: 'reopenForm' })
  @SignedIn({ audit: 'request.reopened' })
  @UseGuards(NoParametersGuard)
  async reopen(
    @Param('id', RecordIdPipe) requestId: number,
    @Body() { version }: VersionForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    await this.endings.reopen({ requestId, version, idempotencyKey }, access);
    return redirectTo(paths.checkRequest(requestId), 'The request is a draft again.');
  }

  @Page('cancel')
  @SignedIn()
  @UseGuards(NoParametersGuard)
  async cancelForm(
    @Param('id', RecordIdPipe) id: number,
    @Current() access: CurrentAccess,
  ): Promise<PageView | Redirect> {
    const { sight, request } = await this.#request(id, access);
    if (!sight.mayCancel) return redirectTo(paths.request(id));
    const isDraft = request.state === 'draft' && request.revision === 1;
    return pageView('requests/asking/web/cancel-request.njk', {
      title: isDraft ? `Cancel draft ${id}` : `Cancel request ${id}`,
      section: 'my-requests',
      id,
      version: request.version,
      isDraft,
    });
  }

  @FormPost('cancel', { form: 'cancelForm' })
  @SignedIn({ audit: 'request.cancelled' })
  @UseGuards(NoParametersGuard)
  async cancel(
    @Param('id', RecordIdPipe) requestId: number,
    @Body() { reason, version }: CancelForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    const { state } = await this.endings.cancel({ requestId, version, reason, idempotencyKey }, access);
    const message = state === 'cancelled' ? 'The request was cancelled.' : 'What was not handed over was cancelled.';
    return redirectTo(paths.request(requestId), message);
  }

  @FormPost('copy', { form: 'show' })
  @SignedIn({ audit: 'request.copied' })
  @UseGuards(NoParametersGuard)
  async copy(
    @Param('id', RecordIdPipe) requestId: number,
    @Body() _fields: NoFields,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    const { id } = await this.endings.copy({ requestId, idempotencyKey }, access);
    return redirectTo(
      paths.chooseRequest(id),
      'This draft is a copy. Check people and things: whoever is not below you and what is not offered any more was left out. Enter the day by which it is needed.',
    );
  }

  async #request(id: number, access: CurrentAccess): Promise<{ sight: RequestSight; request: WholeRequest }> {
    const sight = await this.access.of(id, access);
    if (sight === null) throw new NotFoundError('There is no such request that you may see.');
    return { sight, request: await this.whole.one(sight, access.personEntraId) };
  }
}
