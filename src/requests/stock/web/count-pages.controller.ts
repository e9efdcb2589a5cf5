import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { shownTime } from '../../../common/uk-time.js';
import { FormPost, Submission } from '../../../web/form.js';
import { ListPages, ListQuery } from '../../../web/list-page.js';
import type { RawQuery } from '../../../web/list-request.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { CountsQueries, type StockCountView } from '../counts.queries.js';
import { CountsService } from '../counts.service.js';
import { PlacesQueries } from '../places.queries.js';
import { ProductsQueries } from '../products.queries.js';
import { scannedLines } from '../scanned-serials.js';
import { missingMachine, unexpectedMachine } from './counted-machines.view.js';
import { CountVersionForm, FiguresForm, figuresOf, NewCountForm, SerialsForm } from './stock-forms.js';
import { choicesNamed, COUNT_LIST } from './stock-lists.js';

/** Counts of what is really there: opening, entering, scanning and closing. */
@Controller('stock/counts')
export class CountPagesController {
  constructor(
    private readonly lists: ListPages,
    private readonly queries: CountsQueries,
    private readonly products: ProductsQueries,
    private readonly places: PlacesQueries,
    private readonly counts: CountsService,
  ) {}

  @Page('')
  @Access('requests:read')
  list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(
      COUNT_LIST,
      query,
      access,
      { page: ({ limit, cursor, ...filter }) => this.queries.page(filter, { limit, cursor }) },
      { template: 'requests/stock/web/counts.njk', data: { writes: access.permissions.has('stock:write') } },
    );
  }

  @Page('new')
  @Access('stock:write')
  @UseGuards(NoParametersGuard)
  async newForm(): Promise<PageView> {
    return pageView('requests/stock/web/new-count.njk', {
      title: 'Count a place',
      places: choicesNamed(await this.places.names()),
    });
  }

  @FormPost('new', { form: 'newForm' })
  @Access('stock:write', { audit: 'stock-count.opened' })
  @UseGuards(NoParametersGuard)
  async open(
    @Body() { placeId }: NewCountForm,
    @Current() access: CurrentAccess,
    @Submission() key: string,
  ): Promise<Redirect> {
    const { id } = await this.counts.open(placeId, key, access.actor);
    return redirectTo(paths.stockCount(id), 'The count is open.');
  }

  @Page(':id')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  async one(@Param('id', RecordIdPipe) id: number, @Current() { permissions }: CurrentAccess): Promise<PageView> {
    const count = await this.queries.one(id);
    if (count === null) throw new NotFoundError('There is no such count.');
    const writes = permissions.has('stock:write') && count.closedAt === null;
    const [lines, machines, products] = await Promise.all([
      this.queries.lines(id),
      this.queries.machines(id),
      writes ? this.products.names(false) : [],
    ]);
    const known = new Set(lines.map(({ productId }) => productId));
    return pageView('requests/stock/web/count.njk', {
      title: `Count of ${count.place}`,
      count,
      facts: factsOf(count, machines.found),
      rows: lines.filter(({ serialised }) => !serialised),
      machineRows: lines.filter(({ serialised, counted }) => serialised && (counted !== null || writes)),
      missing: machines.missing.map(missingMachine),
      unexpected: machines.unexpected.map(unexpectedMachine),
      others: choicesNamed(products.filter((product) => !known.has(product.id))),
      ledger: `${paths.stockMovements()}?countId=${id}`,
      settles: permissions.has('stock:write'),
      writes,
    });
  }

  @FormPost(':id/figures', { form: 'one' })
  @Access('stock:write', { audit: 'stock-count.entered' })
  @UseGuards(NoParametersGuard)
  async enter(
    @Param('id', RecordIdPipe) id: number,
    @Body() form: FiguresForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    const products = form.pasted === undefined ? [] : await this.products.names(false);
    await this.counts.enter(id, figuresOf(form, products), form.version, access.actor);
    return redirectTo(paths.stockCount(id), 'The figures were stored. Nothing is corrected until the count is closed.');
  }

  @FormPost(':id/serials', { form: 'one' })
  @Access('stock:write', { audit: 'stock-count.scanned' })
  @UseGuards(NoParametersGuard)
  async scan(
    @Param('id', RecordIdPipe) id: number,
    @Body() { serials }: SerialsForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    const { added, unreadable } = await this.counts.scan(id, scannedLines(serials), access.actor);
    const said = added === 1 ? '1 serial number was added.' : `${added} serial numbers were added.`;
    return redirectTo(
      paths.stockCount(id),
      unreadable.length === 0 ? said : `${said} ${unreadable.length} lines were no serial numbers and were left out.`,
    );
  }

  @FormPost(':id/reconcile', { form: 'one' })
  @Access('stock:write', { audit: 'stock-count.reconciled' })
  @UseGuards(NoParametersGuard)
  async reconcile(
    @Param('id', RecordIdPipe) id: number,
    @Body() { version }: CountVersionForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    const { corrected } = await this.counts.reconcile(id, version, access.actor);
    return redirectTo(
      paths.stockCount(id),
      corrected === 0
        ? 'The count is closed. Nothing had to be corrected.'
        : `The count is closed, and ${corrected} levels were corrected.`,
    );
  }

  @FormPost(':id/abandon', { form: 'one' })
  @Access('stock:write', { audit: 'stock-count.abandoned' })
  @UseGuards(NoParametersGuard)
  async abandon(
    @Param('id', RecordIdPipe) id: number,
    @Body() { version }: CountVersionForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.counts.abandon(id, version, access.actor);
    return redirectTo(paths.stockCounts(), 'The count was closed without correcting anything.');
  }
}

function factsOf(count: StockCountView, found: number): object[] {
  const now = new Date();
  const { openedAt, closedAt, abandoned, differences, scanned } = count;
  return [
    { label: 'Opened', value: shownTime(openedAt, now)?.text },
    {
      label: 'Closed',
      value: shownTime(closedAt, now)?.text ?? 'Not yet',
      ...(abandoned ? { note: 'Nothing was corrected.' } : {}),
    },
    { label: 'Differences', value: differences },
    {
      label: 'Serial numbers scanned',
      value: scanned,
      note: `${found} of them ${found === 1 ? 'is' : 'are'} in stock at the place.`,
    },
  ];
}
