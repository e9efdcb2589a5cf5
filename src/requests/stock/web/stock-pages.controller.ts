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
import { MOVEMENT_KIND_WORDS } from '../../domain/stock-words.js';
import { OrdersQueries } from '../../orders/orders.queries.js';
import { onOrderFacts } from '../../orders/web/expected.view.js';
import { LevelsQueries } from '../levels.queries.js';
import { LevelsService } from '../levels.service.js';
import { MovementsQueries } from '../movements.queries.js';
import { PlacesQueries } from '../places.queries.js';
import { ProductsQueries } from '../products.queries.js';
import { WorkbenchQueries } from '../workbench.queries.js';
import { ThresholdForm, WatchForm } from './stock-forms.js';
import { choicesNamed, levelList, movementList, optionsNamed, type StockChoices } from './stock-lists.js';
import { workOf } from './work.view.js';

/** Movements that the page of a level shows; the ledger has all. */
const MOVEMENTS_SHOWN = 10;

/** The workbench of the people who keep stock, levels and the ledger. */
@Controller('stock')
export class StockPagesController {
  constructor(
    private readonly lists: ListPages,
    private readonly levels: LevelsQueries,
    private readonly movements: MovementsQueries,
    private readonly products: ProductsQueries,
    private readonly places: PlacesQueries,
    private readonly workbench: WorkbenchQueries,
    private readonly orders: OrdersQueries,
    private readonly service: LevelsService,
  ) {}

  @Page('')
  @Access('requests:read')
  async list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const [choices, work] = await Promise.all([this.#choices(), this.workbench.work()]);
    const writes = access.permissions.has('stock:write');
    return this.lists.show(
      levelList(choices),
      query,
      access,
      { page: ({ limit, cursor, ...filter }) => this.levels.page(filter, { limit, cursor }) },
      { template: 'requests/stock/web/stock.njk', data: { work: workOf(work), writes } },
    );
  }

  @Page('movements')
  @Access('requests:read')
  async ledger(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(movementList(await this.#choices()), query, access, {
      page: ({ limit, cursor, ...filter }) => this.movements.page(filter, { limit, cursor }),
    });
  }

  @Page('levels/new')
  @Access('stock:write')
  @UseGuards(NoParametersGuard)
  async newForm(): Promise<PageView> {
    const [products, places] = await Promise.all([this.products.names(), this.places.names()]);
    return pageView('requests/stock/web/new-level.njk', {
      title: 'Watch a product at a place',
      products: choicesNamed(products),
      places: choicesNamed(places),
    });
  }

  @FormPost('levels/new', { form: 'newForm' })
  @Access('stock:write', { audit: 'stock-level.threshold-set' })
  @UseGuards(NoParametersGuard)
  async watch(
    @Body() { productId, placeId, threshold }: WatchForm,
    @Current() access: CurrentAccess,
    @Submission() key: string,
  ): Promise<Redirect> {
    const { id } = await this.service.watch({ productId, placeId, threshold }, key, access.actor);
    return redirectTo(paths.stockLevel(id), 'The level is watched.');
  }

  @Page('levels/:id')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  async one(@Param('id', RecordIdPipe) id: number, @Current() { permissions }: CurrentAccess): Promise<PageView> {
    const level = await this.levels.one(id);
    if (level === null) throw new NotFoundError('There is no such level.');
    const { productId, placeId } = level;
    const [{ items }, expected] = await Promise.all([
      this.movements.page({ productId, placeId }, { limit: MOVEMENTS_SHOWN }),
      this.orders.expected([productId]),
    ]);
    const now = new Date();
    return pageView('requests/stock/web/level.njk', {
      title: `${level.product}, ${level.place}`,
      level,
      facts: [
        { label: 'On hand', value: level.onHand },
        { label: 'Reserved', value: level.reserved, note: 'Promised to approved requests.' },
        { label: 'Free', value: level.free, ...(level.low ? { note: 'Below the threshold.' } : {}) },
        ...onOrderFacts(expected.filter((each) => each.placeId === placeId)),
        { label: 'Threshold', value: level.threshold ?? 'Not watched' },
      ],
      movements: items.map((movement) => ({
        ...movement,
        at: shownTime(movement.at, now),
        kind: MOVEMENT_KIND_WORDS[movement.kind],
      })),
      ledger: `${paths.stockMovements()}?productId=${productId}&placeId=${placeId}`,
      writes: permissions.has('stock:write'),
    });
  }

  @FormPost('levels/:id', { form: 'one' })
  @Access('stock:write', { audit: 'stock-level.threshold-set' })
  @UseGuards(NoParametersGuard)
  async setThreshold(
    @Param('id', RecordIdPipe) id: number,
    @Body() { threshold, version }: ThresholdForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.service.setThreshold(id, threshold ?? null, version, access.actor);
    return redirectTo(paths.stockLevel(id), 'The threshold was set.');
  }

  async #choices(): Promise<StockChoices> {
    const [products, places] = await Promise.all([this.products.names(), this.places.names()]);
    return { products: optionsNamed(products), places: optionsNamed(places) };
  }
}
