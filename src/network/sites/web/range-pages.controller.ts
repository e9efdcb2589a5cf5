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
import { RANGE_KIND_WORDS } from '../inventory-words.js';
import { RangesQueries, type NetworkRangeView } from '../ranges.queries.js';
import { RangesService } from '../ranges.service.js';
import { RemoteAccessQueries } from '../remote-access.queries.js';
import { SitesQueries } from '../sites.queries.js';
import { NewRangeForm, RangeForm, rangeOf, ReasonForm } from './inventory-forms.js';
import { RANGE_LIST } from './range-list.js';

/** Ranges of addresses: the list, entering, changing and removing. */
@Controller('network/ranges')
export class RangePagesController {
  constructor(
    private readonly lists: ListPages,
    private readonly queries: RangesQueries,
    private readonly sites: SitesQueries,
    private readonly gateways: RemoteAccessQueries,
    private readonly ranges: RangesService,
  ) {}

  @Page('')
  @Access('network:read')
  async list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const now = new Date();
    const removed = await this.queries.removed();
    return this.lists.show(
      RANGE_LIST,
      query,
      access,
      {
        page: ({ limit, cursor, ...filter }) => this.queries.page(filter, { limit, cursor }),
        count: ({ contains, kind, siteId }) => this.queries.count({ contains, kind, siteId }),
      },
      {
        template: 'network/sites/web/ranges.njk',
        data: {
          manages: access.permissions.has('network:manage'),
          removed: removed.map((each) => ({ ...each, at: shownTime(each.removedAt, now) })),
        },
      },
    );
  }

  @Page('new')
  @Access('network:manage')
  @UseGuards(NoParametersGuard)
  newForm(): Promise<PageView> {
    return this.#page({ title: 'Add a range', action: paths.newNetworkRange(), range: null, manages: true });
  }

  @FormPost('new', { form: 'newForm' })
  @Access('network:manage', { audit: 'network-range.added' })
  @UseGuards(NoParametersGuard)
  async add(
    @Body() form: NewRangeForm,
    @Current() access: CurrentAccess,
    @Submission() key: string,
  ): Promise<Redirect> {
    await this.ranges.add(rangeOf(form), key, access.actor);
    return redirectTo(paths.networkRanges(), 'The range was added. It counts for what is measured from now on.');
  }

  @Page(':id')
  @Access('network:read')
  @UseGuards(NoParametersGuard)
  async form(@Param('id', RecordIdPipe) id: number, @Current() { permissions }: CurrentAccess): Promise<PageView> {
    const range = await this.#range(id);
    const manages = permissions.has('network:manage');
    return this.#page({ title: `Range ${range.network}`, action: paths.networkRange(id), range, manages });
  }

  @FormPost(':id', { form: 'form' })
  @Access('network:manage', { audit: 'network-range.changed' })
  @UseGuards(NoParametersGuard)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() { version, ...form }: RangeForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.ranges.change(id, rangeOf(form), version, access.actor);
    return redirectTo(paths.networkRanges(), 'The range was changed. It counts for what is measured from now on.');
  }

  @Page(':id/remove')
  @Access('network:manage')
  @UseGuards(NoParametersGuard)
  async removeForm(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const range = await this.#range(id);
    return pageView('network/sites/web/remove.njk', {
      title: `Remove the range ${range.network}`,
      section: 'network-ranges',
      what: 'range',
      effect: 'What is measured from now on is not told by it any more; what was measured stays where it was.',
      action: paths.removeNetworkRange(id),
      back: paths.networkRange(id),
      version: range.version,
    });
  }

  @FormPost(':id/remove', { form: 'removeForm' })
  @Access('network:manage', { audit: 'network-range.removed' })
  @UseGuards(NoParametersGuard)
  async remove(
    @Param('id', RecordIdPipe) id: number,
    @Body() { reason, version }: ReasonForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.ranges.remove(id, reason, version, access.actor);
    return redirectTo(paths.networkRanges(), 'The range was removed.');
  }

  async #range(id: number): Promise<NetworkRangeView> {
    const range = await this.queries.one(id);
    if (range === null) throw new NotFoundError('There is no such range.');
    return range;
  }

  async #page(data: {
    readonly title: string;
    readonly range: NetworkRangeView | null;
    readonly [name: string]: unknown;
  }): Promise<PageView> {
    const [sites, gateways] = await Promise.all([this.sites.names(), this.gateways.all()]);
    const choices = (records: readonly { readonly id: number; readonly name: string }[]): object[] => [
      { value: '', text: 'None' },
      ...records.map(({ id, name }) => ({ value: String(id), text: name })),
    ];
    const { range } = data;
    return pageView('network/sites/web/range.njk', {
      ...data,
      kinds: Object.entries(RANGE_KIND_WORDS).map(([value, text]) => ({ value, text })),
      sites: choices(sites),
      gateways: choices(gateways),
      siteId: range?.siteId === null || range === null ? '' : String(range.siteId),
      remoteAccessId: range?.remoteAccessId === null || range === null ? '' : String(range.remoteAccessId),
      facts:
        range === null
          ? []
          : [
              { label: 'What it is', value: RANGE_KIND_WORDS[range.kind] },
              { label: 'Site', value: range.site ?? 'None' },
              { label: 'Gateway', value: range.remoteAccess ?? 'None' },
              { label: 'Note', value: range.note ?? 'None' },
            ],
    });
  }
}
