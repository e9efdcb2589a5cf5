import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { WORK_STYLE_WORDS } from '../../../rollout/domain/move-words.js';
import { FormPost, Submission } from '../../../web/form.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { shownPounds } from '../../domain/money.js';
import { BundlesQueries, type BundleView } from '../bundles.queries.js';
import { BundlesService } from '../bundles.service.js';
import { ProductsQueries } from '../products.queries.js';
import { BundleForm, bundleOf, NewBundleForm } from './catalogue-forms.js';

/** Bundles of the catalogue: the list, entering and changing. */
@Controller('stock/bundles')
export class BundlePagesController {
  constructor(
    private readonly queries: BundlesQueries,
    private readonly products: ProductsQueries,
    private readonly bundles: BundlesService,
  ) {}

  @Page('')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  async list(@Current() { permissions }: CurrentAccess): Promise<PageView> {
    const bundles = await this.queries.all();
    return pageView('requests/stock/web/bundles.njk', {
      title: 'Bundles',
      administers: permissions.has('requests:administer'),
      exports: permissions.has('estate:export'),
      bundles: bundles.map((bundle) => ({
        ...bundle,
        workStyle: workStyleOf(bundle),
        price: shownPounds(bundle.pricePence),
      })),
    });
  }

  @Page('new')
  @Access('requests:administer')
  @UseGuards(NoParametersGuard)
  newForm(): Promise<PageView> {
    return this.#page({ title: 'Add a bundle', action: paths.newBundle(), bundle: null, administers: true });
  }

  @FormPost('new', { form: 'newForm' })
  @Access('requests:administer', { audit: 'bundle.added' })
  @UseGuards(NoParametersGuard)
  async add(
    @Body() form: NewBundleForm,
    @Current() access: CurrentAccess,
    @Submission() key: string,
  ): Promise<Redirect> {
    const { id } = await this.bundles.add(bundleOf(form), key, access.actor);
    return redirectTo(paths.bundle(id), 'The bundle was added.');
  }

  @Page(':id')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  async form(@Param('id', RecordIdPipe) id: number, @Current() { permissions }: CurrentAccess): Promise<PageView> {
    const bundle = await this.queries.one(id);
    if (bundle === null) throw new NotFoundError('There is no such bundle.');
    const administers = permissions.has('requests:administer');
    return this.#page({ title: bundle.name, action: paths.bundle(id), bundle, administers });
  }

  @FormPost(':id', { form: 'form' })
  @Access('requests:administer', { audit: 'bundle.changed' })
  @UseGuards(NoParametersGuard)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() { version, ...form }: BundleForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.bundles.change(id, bundleOf(form), version, access.actor);
    return redirectTo(paths.bundle(id), 'The bundle was changed.');
  }

  async #page(page: {
    readonly title: string;
    readonly action: string;
    readonly bundle: BundleView | null;
    readonly administers: boolean;
  }): Promise<PageView> {
    const { bundle } = page;
    const quantities = new Map(bundle?.lines.map(({ productId, quantity }) => [productId, quantity]));
    const products = page.administers ? await this.products.names() : [];
    return pageView('requests/stock/web/bundle.njk', {
      ...page,
      workStyle: bundle?.workStyle ?? 'any',
      workStyles: [
        { value: 'any', text: 'Any' },
        ...Object.entries(WORK_STYLE_WORDS).map(([value, text]) => ({ value, text })),
      ],
      rows: products.map(({ id, name }) => ({ id, name, quantity: quantities.get(id) ?? '' })),
      facts:
        bundle === null
          ? []
          : [
              { label: 'For', value: workStyleOf(bundle) },
              { label: 'Description', value: bundle.description ?? 'None' },
              {
                label: 'In it',
                value: bundle.lines.map(({ product, quantity }) => `${quantity} × ${product}`).join(', '),
              },
              { label: 'Price', value: shownPounds(bundle.pricePence) },
              { label: 'Can be asked for', value: bundle.offered ? 'Yes' : 'No' },
            ],
    });
  }
}

function workStyleOf({ workStyle }: BundleView): string {
  return workStyle === null ? 'Anybody' : WORK_STYLE_WORDS[workStyle];
}
