import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { londonDay, shownDay } from '../../../common/uk-time.js';
import { FormPost, Submission } from '../../../web/form.js';
import { OptionalText, RequiredDay, RequiredText } from '../../../web/form-fields.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { ClosuresService } from '../closures.service.js';
import { SlotsQueries } from '../slots.queries.js';

class ClosureForm {
  @OptionalText({ longest: 200 })
  site?: string;

  @RequiredDay('Enter the first day')
  fromDay: string;

  @RequiredDay('Enter the last day')
  untilDay: string;

  @RequiredText('Enter why it is closed', { longest: 500 })
  reason: string;
}

/** A button without fields. */
class NothingForm {}

/** Days on which nobody is booked. */
@Controller('rollout/slots/closures')
export class ClosurePagesController {
  constructor(
    private readonly closures: ClosuresService,
    private readonly queries: SlotsQueries,
    private readonly programmes: ProgrammeQueries,
  ) {}

  @Page('')
  @Access('rollout:manage')
  @UseGuards(NoParametersGuard)
  async list(): Promise<PageView> {
    const programme = await this.programmes.current();
    const closures = programme === null ? [] : await this.queries.closures(programme.id, londonDay(new Date()));
    const sites = programme === null ? [] : await this.queries.sites(programme.id);
    return pageView('rollout/waves/web/closures.njk', {
      title: 'Closures',
      programme: programme?.name ?? null,
      sites: [{ value: '', text: 'Every site' }, ...sites.map((site) => ({ value: site, text: site }))],
      closures: closures.map((each) => ({
        ...each,
        days:
          each.fromDay === each.untilDay
            ? shownDay(each.fromDay)
            : `${shownDay(each.fromDay)} to ${shownDay(each.untilDay)}`,
      })),
    });
  }

  @FormPost('', { form: 'list' })
  @Access('rollout:manage', { audit: ['slot-closure.made', 'slot.closed', 'booking.cancelled'] })
  @UseGuards(NoParametersGuard)
  async make(
    @Body() { site, fromDay, untilDay, reason }: ClosureForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    const closure = { site: site ?? null, fromDay, untilDay, reason };
    const { closed, cancelled } = await this.closures.make(closure, idempotencyKey, access);
    return redirectTo(paths.slotClosures(), `Closed: ${closed} slots; ${cancelled} bookings were cancelled.`);
  }

  @FormPost(':id/withdraw', { form: 'list' })
  @Access('rollout:manage', { audit: 'slot-closure.withdrawn' })
  @UseGuards(NoParametersGuard)
  async withdraw(
    @Param('id', RecordIdPipe) id: number,
    @Body() _nothing: NothingForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    const { opened } = await this.closures.withdraw(id, access);
    return redirectTo(paths.slotClosures(), `Taken back: ${opened} slots are open again.`);
  }
}
