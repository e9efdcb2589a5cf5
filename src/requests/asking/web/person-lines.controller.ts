import { Controller, Param, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError, NotFoundError } from '../../../common/errors.js';
import { FormPost } from '../../../web/form.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { valuesOf } from '../../../web/submitted-form.js';
import type { Holdings } from '../../domain/eligibility.js';
import type { Beneficiary } from '../beneficiaries.queries.js';
import { CatalogueQueries, type Catalogue } from '../catalogue.queries.js';
import type { StoredDraftLine } from '../draft-rows.queries.js';
import { DraftsQueries, type OwnDraft } from '../drafts.queries.js';
import { askingPerson } from '../own-request.queries.js';
import { RequestsService } from '../requests.service.js';
import { readPersonLines } from './person-lines-form.js';

/** Changes what one person of a draft gets: alternatives, reasons, how many, and what they give back. */
@Controller('requests/:id/people/:personId')
export class PersonLinesController {
  constructor(
    private readonly requests: RequestsService,
    private readonly drafts: DraftsQueries,
    private readonly catalogue: CatalogueQueries,
  ) {}

  @Page('')
  @SignedIn()
  @UseGuards(NoParametersGuard)
  async form(
    @Param('id', RecordIdPipe) id: number,
    @Param('personId', RecordIdPipe) personId: number,
    @Current() access: CurrentAccess,
  ): Promise<PageView | Redirect> {
    const { draft, person, lines } = await this.#found(id, personId, access);
    if (draft.state !== 'draft') return redirectTo(paths.request(id));
    const [catalogue, holdings] = await Promise.all([
      this.catalogue.offered(),
      this.drafts.holdings([person.entraId], id),
    ]);
    const name = person.displayName ?? 'somebody without a name';
    return pageView('requests/asking/web/person-lines.njk', {
      title: person.entraId === access.personEntraId ? 'What you get' : `What ${name} gets`,
      section: 'my-requests',
      id,
      personId,
      version: draft.version,
      lines: lines.map((line) => lineFields(line, catalogue, holdings.get(person.entraId))),
      products: [
        { value: '', text: 'Nothing more' },
        ...catalogue.products
          .filter((product) => !lines.some((line) => line.product.id === product.id))
          .map((product) => ({ value: String(product.id), text: product.name })),
      ],
    });
  }

  @FormPost('', { form: 'form' })
  @SignedIn({ audit: 'request.changed' })
  @UseGuards(NoParametersGuard)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Param('personId', RecordIdPipe) personId: number,
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    const { draft, person, lines } = await this.#found(id, personId, access);
    const { version, ...values } = valuesOf(request);
    if (typeof version !== 'string') throw new InputError('The form is not readable. Load the page again.', [], 400);
    const others = draft.lines.filter(({ beneficiaryEntraId }) => beneficiaryEntraId !== person.entraId);
    const theirs = readPersonLines(values, lines, person.entraId);
    await this.requests.change({ requestId: id, version, lines: [...others, ...theirs] }, access);
    return redirectTo(paths.checkRequest(id), 'The draft was changed.');
  }

  async #found(
    id: number,
    personId: number,
    access: CurrentAccess,
  ): Promise<{ draft: OwnDraft; person: Beneficiary; lines: StoredDraftLine[] }> {
    const draft = await this.drafts.own(id, askingPerson(access));
    const person = draft === null ? null : (await this.drafts.peopleOf(draft)).find((each) => each.id === personId);
    if (draft === null || !person) throw new NotFoundError('There is no such person in a draft of yours.');
    return {
      draft,
      person,
      lines: draft.stored.filter(({ beneficiaryEntraId }) => beneficiaryEntraId === person.entraId),
    };
  }
}

/** Alternatives to a product, and what it is itself an alternative to, so that one can go back. */
function alternativesTo(productId: number, { products }: Catalogue): { value: string; text: string }[] {
  const product = products.find(({ id }) => id === productId);
  const notes = new Map(product?.alternatives.map((other) => [other.productId, other.note]));
  return products
    .filter(({ id, alternatives }) => notes.has(id) || alternatives.some((other) => other.productId === productId))
    .map(({ id, name }) => {
      const note = notes.get(id) ?? null;
      return { value: String(id), text: note === null ? name : `${name} (${note})` };
    });
}

/** The fields of one line. */
function lineFields(line: StoredDraftLine, catalogue: Catalogue, holdings: Holdings | undefined): object {
  const alternatives = alternativesTo(line.product.id, catalogue);
  const machines = (holdings?.machines ?? []).filter(({ isReturnable }) => isReturnable);
  return {
    id: line.id,
    name: line.product.name,
    quantity: line.quantity,
    productId: line.product.id,
    alternatives:
      alternatives.length === 0 ? [] : [{ value: String(line.product.id), text: line.product.name }, ...alternatives],
    exceptionReason: line.exceptionReason,
    privateReason: line.privateReason,
    isPrivate: line.product.kind === 'assistive_technology' || alternatives.length > 0 || line.privateReason !== null,
    replaces: line.replacesDeviceId,
    machines:
      machines.length === 0 ||
      !(line.product.replacesKind || line.product.kind === 'laptop' || line.product.kind === 'desktop')
        ? []
        : [
            { value: '', text: 'None' },
            ...machines.map(({ deviceId, label }) => ({ value: String(deviceId), text: label })),
          ],
  };
}
