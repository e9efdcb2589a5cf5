import { Controller, Param, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError, NotFoundError } from '../../../common/errors.js';
import { visibleText } from '../../../common/visible-text.js';
import { FormPost, Submission } from '../../../web/form.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { valuesOf, type FormValues } from '../../../web/submitted-form.js';
import { CatalogueQueries } from '../catalogue.queries.js';
import { LONGEST_REASON } from '../draft-check.js';
import { DraftsQueries } from '../drafts.queries.js';
import { askingPerson } from '../own-request.queries.js';
import { RequestsService } from '../requests.service.js';
import { checkView, deciderWords } from './check-request.view.js';

/** Checks a draft with everything in it, and submits it. */
@Controller('requests/:id/check')
export class CheckRequestController {
  constructor(
    private readonly requests: RequestsService,
    private readonly drafts: DraftsQueries,
    private readonly catalogue: CatalogueQueries,
  ) {}

  @Page('')
  @SignedIn()
  @UseGuards(NoParametersGuard)
  async check(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const person = askingPerson(access);
    const draft = await this.drafts.own(id, person);
    if (draft === null) throw new NotFoundError('There is no such request of yours.');
    if (draft.state !== 'draft') return redirectTo(paths.request(id));
    const [people, refused, catalogue] = await Promise.all([
      this.drafts.peopleOf(draft),
      this.drafts.refusedOf(draft, person),
      this.catalogue.offered(),
    ]);
    const holdings = await this.drafts.holdings(
      people.map(({ entraId }) => entraId),
      id,
    );
    const view = checkView(draft, { people, refused, holdings, catalogue, now: new Date() });
    const deciders = await this.drafts.deciders(draft, view);
    return pageView('requests/asking/web/check-request.njk', {
      title: 'Check your request',
      section: 'my-requests',
      id,
      version: draft.version,
      isChange: draft.revision > 1,
      ...view,
      deciders: deciders.map(deciderWords),
    });
  }

  @FormPost('', { form: 'check' })
  @SignedIn({ audit: 'request.submitted' })
  @UseGuards(NoParametersGuard)
  async submit(
    @Param('id', RecordIdPipe) requestId: number,
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    await this.requests.submit({ requestId, ...readSubmission(valuesOf(request)), idempotencyKey }, access);
    return redirectTo(paths.request(requestId), 'The request was submitted.');
  }
}

const RETURN = /^line-([1-9]\d{0,8})$/;

function readSubmission(values: FormValues): {
  version: string;
  totalPence: number;
  exceptionReason: string | null;
  returns: Map<number, number>;
} {
  const returns = new Map<number, number>();
  let exceptionReason: string | null = null;
  const { version, totalPence, ...rest } = values;
  if (!isWhole(version) || !isWhole(totalPence)) throw unreadable();
  for (const [name, value] of Object.entries(rest)) {
    if (typeof value !== 'string') throw unreadable();
    const line = RETURN.exec(name)?.[1];
    if (line !== undefined && isWhole(value)) returns.set(Number(line), Number(value));
    else if (line !== undefined && value !== '') throw unreadable();
    else if (name === 'exceptionReason') exceptionReason = reasonIn(value);
    else if (line === undefined) throw unreadable();
  }
  return { version, totalPence: Number(totalPence), exceptionReason, returns };
}

function isWhole(value: FormValues[string] | undefined): value is string {
  return typeof value === 'string' && /^(0|[1-9]\d{0,9})$/.test(value);
}

function reasonIn(value: string): string | null {
  const reason = visibleText(value);
  const message =
    reason.length > LONGEST_REASON
      ? `Use at most ${LONGEST_REASON} characters`
      : /[\p{Cc}\p{Cs}]/u.test(reason.replaceAll('\n', ''))
        ? 'Use text without control characters'
        : null;
  if (message !== null) throw new InputError('Put the request right.', [{ field: 'exceptionReason', message }]);
  return reason === '' ? null : reason;
}

function unreadable(): InputError {
  return new InputError('The form is not readable. Load the page again.', [], 400);
}
