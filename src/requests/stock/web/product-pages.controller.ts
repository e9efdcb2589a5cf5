import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { FormPost, Submission } from '../../../web/form.js';
import { ListPages, ListQuery } from '../../../web/list-page.js';
import type { RawQuery } from '../../../web/list-request.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { poundsOf, shownPounds } from '../../domain/money.js';
import { PRODUCT_KIND_WORDS } from '../../domain/product-words.js';
import { OrdersQueries } from '../../orders/orders.queries.js';
import { onOrderFacts } from '../../orders/web/expected.view.js';
import { LevelsQueries } from '../levels.queries.js';
import { ProductsQueries, type ProductView } from '../products.queries.js';
import { ProductsService } from '../products.service.js';
import { NewProductForm, ProductForm, productOf } from './catalogue-forms.js';
import { PRODUCT_LIST } from './stock-lists.js';

const KINDS = Object.entries(PRODUCT_KIND_WORDS).map(([value, text]) => ({ value, text }));

/** Products of the catalogue: the list, entering and changing. */
@Controller('stock/products')
export class ProductPagesController {
  constructor(
    private readonly lists: ListPages,
    private readonly queries: ProductsQueries,
    private readonly levels: LevelsQueries,
    private readonly orders: OrdersQueries,
    private readonly products: ProductsService,
  ) {}

  @Page('')
  @Access('requests:read')
  async list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const administers = access.permissions.has('requests:administer');
    return this.lists.show(
      PRODUCT_LIST,
      query,
      access,
      { page: ({ limit, cursor, ...filter }) => this.queries.page(filter, { limit, cursor }) },
      {
        template: 'requests/stock/web/products.njk',
        data: { administers, withoutProduct: administers ? await this.queries.modelsWithoutProduct() : [] },
      },
    );
  }

  @Page('new')
  @Access('requests:administer')
  @UseGuards(NoParametersGuard)
  newForm(): PageView {
    return pageView('requests/stock/web/product.njk', {
      title: 'Add a product',
      action: paths.newProduct(),
      product: null,
      values: { kind: 'laptop', counting: 'serial', offered: ticked(true) },
      kinds: KINDS,
      administers: true,
    });
  }

  @FormPost('new', { form: 'newForm' })
  @Access('requests:administer', { audit: 'product.added' })
  @UseGuards(NoParametersGuard)
  async add(
    @Body() form: NewProductForm,
    @Current() access: CurrentAccess,
    @Submission() key: string,
  ): Promise<Redirect> {
    const { id } = await this.products.add(productOf(form, await this.queries.names()), key, access.actor);
    return redirectTo(paths.product(id), 'The product was added.');
  }

  @Page(':id')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  async form(@Param('id', RecordIdPipe) id: number, @Current() { permissions }: CurrentAccess): Promise<PageView> {
    const product = await this.queries.one(id);
    if (product === null) throw new NotFoundError('There is no such product.');
    return pageView('requests/stock/web/product.njk', {
      title: product.name,
      action: paths.product(id),
      product,
      values: valuesOf(product),
      kinds: KINDS,
      facts: [...factsOf(product), ...onOrderFacts(await this.orders.expected([id]))],
      levels: await this.levels.of({ productId: id }),
      administers: permissions.has('requests:administer'),
    });
  }

  @FormPost(':id', { form: 'form' })
  @Access('requests:administer', { audit: 'product.changed' })
  @UseGuards(NoParametersGuard)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() { version, ...form }: ProductForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.products.change(id, productOf(form, await this.queries.names()), version, access.actor);
    return redirectTo(paths.product(id), 'The product was changed.');
  }
}

function valuesOf(product: ProductView): object {
  const { reasonNeeded, replacesKind, offered } = product;
  return {
    ...product,
    counting: product.serialised ? 'serial' : 'number',
    price: poundsOf(product.pricePence),
    models: product.models.join('\n'),
    alternatives: product.alternatives.map(({ name, note }) => (note === null ? name : `${name}: ${note}`)).join('\n'),
    reasonNeeded: ticked(reasonNeeded),
    replacesKind: ticked(replacesKind),
    offered: ticked(offered),
  };
}

/** What a box begins with. */
function ticked(yes: boolean): readonly string[] {
  return yes ? ['yes'] : [];
}

function factsOf(product: ProductView): object[] {
  const { kind, pricePence, mostEach, serialised, models, alternatives } = product;
  return [
    { label: 'Kind', value: PRODUCT_KIND_WORDS[kind] },
    { label: 'Description', value: product.description ?? 'None' },
    { label: 'Price', value: shownPounds(pricePence) },
    { label: 'Can be asked for', value: product.offered ? 'Yes' : 'No' },
    { label: 'Most for one person', value: mostEach ?? 'No limit' },
    { label: 'Reason needed', value: product.reasonNeeded ? 'Yes' : 'No' },
    { label: 'Replaces what they have', value: product.replacesKind ? 'Yes, it comes back' : 'No' },
    { label: 'Counted', value: serialised ? 'By serial number' : 'By number' },
    ...(serialised ? [{ label: 'Models', value: models.join(', ') || 'None: no machine becomes stock of it' }] : []),
    {
      label: 'Alternatives',
      value: alternatives.map(({ name, note }) => (note === null ? name : `${name} (${note})`)).join(', ') || 'None',
    },
  ];
}
