import { Controller } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NETWORK_VERDICT_WORDS, NETWORK_VERDICTS } from '../../../network/domain/network-words.js';
import { ListPages, ListQuery } from '../../../web/list-page.js';
import { listAddress, type RawQuery } from '../../../web/list-request.js';
import type { PageView, Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { paths } from '../../../web/paths.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { WavesQueries } from '../../waves/waves.queries.js';
import { NetworkFixesQueries, NO_FIXES } from '../network-fixes.queries.js';
import { NetworkOverviewQueries } from '../network-overview.queries.js';
import { NetworkStandingQueries } from '../network-standing.queries.js';
import { NETWORK_FIX_LIST } from './network-fixes.list.js';
import { NETWORK_OVERVIEW_LIST } from './network-overview.list.js';
import { verdictTag } from './verdict-tag.js';

/** Which networks carry the move to laptops, and what to put right first. */
@Controller('network')
export class NetworkPagesController {
  constructor(
    private readonly lists: ListPages,
    private readonly programmes: ProgrammeQueries,
    private readonly overview: NetworkOverviewQueries,
    private readonly standing: NetworkStandingQueries,
    private readonly fixes: NetworkFixesQueries,
    private readonly waves: WavesQueries,
  ) {}

  @Page('')
  @Access('network:read')
  async sites(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const programme = await this.programmes.current();
    const homes = await this.overview.homes(programme);
    const { settings } = await this.standing.current();
    return this.lists.show(
      NETWORK_OVERVIEW_LIST,
      query,
      access,
      {
        page: ({ limit, cursor, ...filter }) => this.overview.page(programme, filter, { limit, cursor }),
        count: (filter) => this.overview.count(programme, filter),
      },
      {
        template: 'rollout/network/web/network-overview.njk',
        data: {
          programme: programme?.name ?? null,
          neededAtSite: NETWORK_VERDICT_WORDS[settings.neededAtSite].toLowerCase(),
          neededAtHome: NETWORK_VERDICT_WORDS[settings.neededAtHome].toLowerCase(),
          homes: NETWORK_VERDICTS.map((verdict) => ({ ...verdictTag(verdict), people: homes[verdict] })),
          homesBlocked: homes.blocked,
          homesHref: listAddress(paths.workbench(), { blockedBy: 'network-home' }),
        },
      },
    );
  }

  @Page('fixes')
  @Access('network:read')
  async list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const programme = await this.programmes.current();
    const waveId = typeof query['waveId'] === 'string' && /^[1-9]\d{0,8}$/.test(query['waveId']) ? query['waveId'] : '';
    const wave = waveId === '' ? null : await this.waves.one(Number(waveId));
    return this.lists.show(
      NETWORK_FIX_LIST,
      query,
      access,
      {
        page: ({ limit, cursor, ...filter }) =>
          programme === null ? Promise.resolve(NO_FIXES) : this.fixes.page(programme, filter, { limit, cursor }),
        count: (filter) =>
          programme === null ? Promise.resolve({ rows: 0, more: false }) : this.fixes.count(programme, filter),
      },
      {
        template: 'rollout/network/web/network-fixes.njk',
        data: {
          programme: programme?.name ?? null,
          wave: wave && { name: wave.name, href: paths.wave(wave.id) },
        },
      },
    );
  }
}
