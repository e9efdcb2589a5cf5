import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access, SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { londonDay, shownDay } from '../../../common/uk-time.js';
import { FormPost } from '../../../web/form.js';
import { RequiredDay, RequiredId, RequiredText } from '../../../web/form-fields.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { BookingRights } from '../booking-rights.queries.js';
import { BookingsQueries } from '../bookings.queries.js';
import { DelegatesService } from '../delegates.service.js';

class DelegateForm {
  @RequiredText('Enter the user principal name of the delegate', { longest: 256 })
  delegate: string;

  @RequiredDay('Enter the last day')
  untilDay: string;
}

class EndForm {
  @RequiredId('Choose whom to end')
  delegateId: number;
}

/** Who may book and answer for somebody. */
@Controller('moves/:id/delegates')
export class DelegatePagesController {
  constructor(
    private readonly delegates: DelegatesService,
    private readonly queries: BookingsQueries,
    private readonly rights: BookingRights,
  ) {}

  @Page('')
  @Access('rollout:read', { own: 'move' })
  @UseGuards(NoParametersGuard)
  async list(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<PageView> {
    const move = await this.queries.move(id);
    if (move === null) throw new NotFoundError('There is no such move.');
    const delegates = await this.queries.delegates(move.personEntraId, londonDay(new Date()));
    return pageView('rollout/waves/web/delegates.njk', {
      title: `Delegates of ${move.displayName ?? 'somebody without a name'}`,
      section: access.permissions.has('rollout:read') ? 'workbench' : 'my-move',
      id,
      mayName: await this.rights.mayNameDelegates(id, access),
      delegates: delegates.map((each) => ({ ...each, until: shownDay(each.untilDay) })),
    });
  }

  @FormPost('', { form: 'list' })
  @SignedIn({ audit: 'delegate.named' })
  @UseGuards(NoParametersGuard)
  async name(
    @Param('id', RecordIdPipe) moveId: number,
    @Body() { delegate, untilDay }: DelegateForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.delegates.name({ moveId, delegate, untilDay }, access);
    return redirectTo(paths.delegates(moveId), 'The delegate was named.');
  }

  @FormPost('end', { form: 'list' })
  @SignedIn({ audit: 'delegate.ended' })
  @UseGuards(NoParametersGuard)
  async end(
    @Param('id', RecordIdPipe) moveId: number,
    @Body() { delegateId }: EndForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.delegates.end(moveId, delegateId, access);
    return redirectTo(paths.delegates(moveId), 'The delegate was ended.');
  }
}
