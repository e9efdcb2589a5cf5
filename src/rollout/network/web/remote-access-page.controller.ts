import { Controller, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { figureWords } from '../../../network/domain/figure-words.js';
import { RemoteAccessQueries } from '../../../network/sites/remote-access.queries.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, type PageView } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { sharedAtGateway } from '../../domain/network/capacity-words.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { NetworkStandingQueries } from '../network-standing.queries.js';
import { capacityRows, runsOutWords } from './capacity.view.js';

/** Whether remote access carries those who are to work away. */
@Controller('network/remote-access')
export class RemoteAccessPageController {
  constructor(
    private readonly programmes: ProgrammeQueries,
    private readonly gateways: RemoteAccessQueries,
    private readonly standing: NetworkStandingQueries,
  ) {}

  @Page('')
  @Access('network:read')
  @UseGuards(NoParametersGuard)
  async all(): Promise<PageView> {
    const programme = await this.programmes.current();
    const { settings } = await this.standing.current();
    const [entered, standing] = await Promise.all([this.gateways.all(), this.standing.gateways(programme, new Date())]);
    return pageView('rollout/network/web/remote-access.njk', {
      title: 'Remote access',
      programme: programme?.name ?? null,
      assumed: `Assumed is that ${settings.assumptions['open-session']} % of those who are not at a desk have a session open at once.`,
      gateways: entered.map((gateway) => {
        const steps = standing.find(({ id }) => id === gateway.id)?.steps ?? [];
        const rows = capacityRows(steps, ({ capacity }) =>
          capacity === null ? [] : sharedAtGateway(capacity, settings.neededAtHome),
        );
        return {
          id: gateway.id,
          name: gateway.name,
          sessions: figureWords(gateway.sessions, 'sessions'),
          speeds: `${figureWords(gateway.downloadKbps, 'kbit/s')} down and ${figureWords(gateway.uploadKbps, 'kbit/s')} up`,
          traffic: gateway.allTraffic ? 'All traffic goes through it.' : 'Microsoft’s media go past it (split tunnel).',
          rows,
          runsOut: runsOutWords(steps, rows),
        };
      }),
    });
  }
}
