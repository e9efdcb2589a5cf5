import { Controller, Inject, Param, Query, UseGuards } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { NotFoundError } from '../../common/errors.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { paths } from '../../web/paths.js';
import { SHELL, type Shell } from '../../web/shell.js';
import { WholeDeviceQueries } from '../whole-device.queries.js';
import { deviceView } from './device.view.js';
import { labelView } from './device-label.view.js';
import { HistoryParameters } from './page-of-history.parameters.js';

/** A label offers nothing to record. */
const NOTHING: ReadonlySet<string> = new Set();

/** A machine: what it is, who has it, what is doubtful and what happened to it; and the label for its lid. */
@Controller()
export class DevicePageController {
  constructor(
    private readonly devices: WholeDeviceQueries,
    @Inject(SHELL) private readonly shell: Shell,
  ) {}

  @Access('estate:read', { own: 'device' })
  @Page('devices/:id')
  async device(
    @Param('id', RecordIdPipe) id: number,
    @Query() { before }: HistoryParameters,
    @Current() { permissions }: CurrentAccess,
  ): Promise<PageView | Redirect> {
    const now = new Date();
    const whole = await this.devices.one(id, { cursor: before }, permissions, now);
    if (whole !== null) return pageView('reports/web/device.njk', deviceView(whole, permissions, now));
    const successor = await this.devices.successorOf(id);
    if (successor === null)
      throw new NotFoundError('There is no machine with this number. Search for it in the box above.');
    return redirectTo(paths.device(successor), 'These records belong to one machine, which is shown here.');
  }

  @Access('estate:read')
  @Page('devices/:id/label')
  @UseGuards(NoParametersGuard)
  async label(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const whole = await this.devices.one(id, { limit: 1 }, NOTHING, new Date());
    if (whole === null)
      throw new NotFoundError('There is no machine with this number. Search for it in the box above.');
    return pageView('reports/web/device-label.njk', labelView(whole, this.shell.address));
  }
}
