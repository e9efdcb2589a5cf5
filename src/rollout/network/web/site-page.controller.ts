import { Controller, Param } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { NotFoundError } from '../../../common/errors.js';
import { shownDay } from '../../../common/uk-time.js';
import { NETWORK_VERDICT_WORDS } from '../../../network/domain/network-words.js';
import { SiteTrendsQueries } from '../../../network/site-trends.queries.js';
import { LinksQueries } from '../../../network/sites/links.queries.js';
import { RangesQueries } from '../../../network/sites/ranges.queries.js';
import { SitesQueries } from '../../../network/sites/sites.queries.js';
import { SurveysQueries } from '../../../network/sites/surveys.queries.js';
import { ListQuery } from '../../../web/list-page.js';
import { listAddress, type RawQuery } from '../../../web/list-request.js';
import { pageView, type PageView } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { NetworkFixesQueries } from '../network-fixes.queries.js';
import { NetworkStandingQueries } from '../network-standing.queries.js';
import { triedAssumptions } from '../tried-assumptions.js';
import { siteCharts, siteFixes, siteJudgementView, siteWeekRows } from './site.view.js';
import { inventoryOf } from './site-inventory.view.js';

/** Everything that is known of a site's network, what it stops, and how many more people it carries. */
@Controller('network/sites')
export class SitePageController {
  constructor(
    private readonly programmes: ProgrammeQueries,
    private readonly sites: SitesQueries,
    private readonly links: LinksQueries,
    private readonly surveys: SurveysQueries,
    private readonly ranges: RangesQueries,
    private readonly trends: SiteTrendsQueries,
    private readonly standing: NetworkStandingQueries,
    private readonly fixes: NetworkFixesQueries,
  ) {}

  @Page(':id')
  @Access('network:read')
  async one(@Param('id', RecordIdPipe) id: number, @ListQuery() query: RawQuery): Promise<PageView> {
    const now = new Date();
    const { settings } = await this.standing.current();
    const tried = triedAssumptions(query, settings);
    const site = await this.sites.one(id);
    if (site === null) throw new NotFoundError('There is no such site.');
    const programme = await this.programmes.current();
    const [[standing], weeks, links, surveys, ranges, fixes] = await Promise.all([
      this.standing.sites(programme, [site.name], now, tried.settings),
      this.trends.weeks(id, now),
      this.links.ofSite(id),
      this.surveys.ofSite(id),
      this.ranges.ofSite(id),
      programme === null ? null : this.fixes.page(programme, { site: site.name }, { limit: 200 }),
    ]);
    if (standing === undefined) throw new NotFoundError('There is no such site.');
    return pageView(
      'rollout/network/web/site.njk',
      {
        title: site.name,
        id,
        site,
        changedOn: shownDay(site.changedAt.slice(0, 10)),
        needed: NETWORK_VERDICT_WORDS[settings.neededAtSite].toLowerCase(),
        ...siteJudgementView(standing, tried.settings, now),
        ...inventoryOf(links, surveys, ranges, now),
        fixes: siteFixes(fixes?.items ?? []),
        blockedHref: listAddress(paths.workbench(), { blockedBy: 'network-site', blockedSubject: site.name }),
        charts: siteCharts(weeks, settings),
        weeks: siteWeekRows(weeks),
        tried,
      },
      { status: tried.errors.length > 0 ? 400 : 200 },
    );
  }
}
