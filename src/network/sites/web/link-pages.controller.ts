import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { shownDay } from '../../../common/uk-time.js';
import { FormPost, Submission } from '../../../web/form.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { linkDays, megabitsTyped, speedWords } from '../inventory-words.js';
import { LinksQueries, type NetworkLinkView } from '../links.queries.js';
import { LinksService } from '../links.service.js';
import { SitesQueries } from '../sites.queries.js';
import { dayParts } from '../../../common/day-parts.js';
import { LinkEndForm, LinkForm, linkOf, NewLinkForm } from './inventory-forms.js';

/** Entering, changing and ending the lines that connect sites. */
@Controller('network')
export class LinkPagesController {
  constructor(
    private readonly queries: LinksQueries,
    private readonly sites: SitesQueries,
    private readonly links: LinksService,
  ) {}

  @Page('sites/:id/links/new')
  @Access('network:manage')
  @UseGuards(NoParametersGuard)
  async newForm(@Param('id', RecordIdPipe) siteId: number): Promise<PageView> {
    const site = await this.sites.one(siteId);
    if (site === null) throw new NotFoundError('There is no such site.');
    return pageView('network/sites/web/link.njk', {
      title: `Add a link of ${site.name}`,
      siteId,
      action: paths.newNetworkLink(siteId),
      link: null,
      manages: true,
    });
  }

  @FormPost('sites/:id/links/new', { form: 'newForm' })
  @Access('network:manage', { audit: 'network-link.added' })
  @UseGuards(NoParametersGuard)
  async add(
    @Param('id', RecordIdPipe) siteId: number,
    @Body() form: NewLinkForm,
    @Current() access: CurrentAccess,
    @Submission() key: string,
  ): Promise<Redirect> {
    await this.links.add(siteId, linkOf(form), key, access.actor);
    return redirectTo(paths.networkSite(siteId), 'The link was added.');
  }

  @Page('links/:id')
  @Access('network:read')
  @UseGuards(NoParametersGuard)
  async form(@Param('id', RecordIdPipe) id: number, @Current() { permissions }: CurrentAccess): Promise<PageView> {
    const link = await this.#link(id);
    return pageView('network/sites/web/link.njk', {
      title: `${link.name}, ${link.site}`,
      siteId: link.siteId,
      action: paths.networkLink(id),
      link: {
        ...link,
        download: megabitsTyped(link.downloadKbps),
        upload: megabitsTyped(link.uploadKbps),
        contractEnds: dayParts(link.contractEndsOn),
        liveSince: dayParts(link.liveFrom),
      },
      facts: factsOf(link),
      manages: permissions.has('network:manage'),
    });
  }

  @FormPost('links/:id', { form: 'form' })
  @Access('network:manage', { audit: 'network-link.changed' })
  @UseGuards(NoParametersGuard)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() { version, ...form }: LinkForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.links.change(id, linkOf(form), version, access.actor);
    return redirectTo(paths.networkLink(id), 'The link was changed.');
  }

  @Page('links/:id/end')
  @Access('network:manage')
  @UseGuards(NoParametersGuard)
  async endForm(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const link = await this.#link(id);
    return pageView('network/sites/web/end-link.njk', {
      title: `End ${link.name}, ${link.site}`,
      link,
      lastDay: dayParts(link.liveUntil),
    });
  }

  @FormPost('links/:id/end', { form: 'endForm' })
  @Access('network:manage', { audit: 'network-link.ended' })
  @UseGuards(NoParametersGuard)
  async end(
    @Param('id', RecordIdPipe) id: number,
    @Body() { version, ...end }: LinkEndForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.links.end(id, end, version, access.actor);
    return redirectTo(paths.networkLink(id), 'The last day of the link is entered.');
  }

  async #link(id: number): Promise<NetworkLinkView> {
    const link = await this.queries.one(id);
    if (link === null) throw new NotFoundError('There is no such link.');
    return link;
  }
}

function factsOf(link: NetworkLinkView): readonly { readonly label: string; readonly value: string }[] {
  return [
    { label: 'Provider', value: link.provider ?? 'Not known' },
    { label: 'Download', value: speedWords(link.downloadKbps) },
    { label: 'Upload', value: speedWords(link.uploadKbps) },
    { label: 'Contract', value: link.contract ?? 'Not known' },
    { label: 'Contract ends', value: link.contractEndsOn === null ? 'Not known' : shownDay(link.contractEndsOn) },
    { label: 'In use', value: linkDays(link) },
    ...(link.endReason === null ? [] : [{ label: 'Why it ends', value: link.endReason }]),
  ];
}
