import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access, SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError, NotFoundError } from '../../../common/errors.js';
import { londonDay } from '../../../common/uk-time.js';
import { FormPost, Submission } from '../../../web/form.js';
import { RequiredDay, RequiredId, RequiredText } from '../../../web/form-fields.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { isReady } from '../booking-rows.queries.js';
import { BookingRights } from '../booking-rights.queries.js';
import { BookingsQueries, type KnownBooking } from '../bookings.queries.js';
import { BookingsService } from '../bookings.service.js';
import { SlotsQueries } from '../slots.queries.js';
import { WhyNotReadyQueries } from '../why-not-ready.queries.js';
import { bookingLine, slotChoices } from './booking.view.js';

/** The slot that was chosen, and whether to book it or to wait for it. */
class SlotForm {
  @RequiredText('Choose a date', { longest: 20 })
  slot: string;
}

class CancelForm {
  @RequiredId('Load the page again')
  bookingId: number;

  @RequiredText('Enter why it is cancelled', { longest: 500 })
  reason: string;
}

class DeliveryForm {
  @RequiredDay('Enter the day of the delivery')
  deliverOn: string;
}

/** Books the hand-over of one person: by themselves, those above them, their delegate, or the rollout's manager. */
@Controller('moves/:id/book')
export class BookingPagesController {
  constructor(
    private readonly bookings: BookingsService,
    private readonly queries: BookingsQueries,
    private readonly slots: SlotsQueries,
    private readonly whyNot: WhyNotReadyQueries,
    private readonly rights: BookingRights,
  ) {}

  @Page('')
  @Access('rollout:read', { own: 'move' })
  @UseGuards(NoParametersGuard)
  async book(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<PageView> {
    const now = new Date();
    const move = await this.queries.move(id);
    if (move === null) throw new NotFoundError('There is no such move.');
    const manages = access.permissions.has('rollout:manage');
    const bookings = await this.queries.ofMove(id);
    const live = bookings.find(isLive) ?? null;
    const canBook = live !== null || isReady(move);
    const slots = canBook ? await this.slots.bookable(move.programmeId, move.site, now, manages) : [];
    const mayBook = await this.rights.mayBook(id, access);
    const isOwn = access.personEntraId === move.personEntraId;
    return pageView('rollout/waves/web/book.njk', {
      title: isOwn
        ? 'Book your laptop hand-over'
        : `Book the hand-over of ${move.displayName ?? 'somebody without a name'}`,
      section: access.permissions.has('rollout:read') ? 'workbench' : isOwn ? 'my-move' : 'my-team',
      id,
      isOwn,
      live: live === null ? null : { ...bookingLine(live, now), id: live.id },
      mayBook,
      canBook: canBook && mayBook,
      whyNot: canBook ? null : await this.whyNot.of(id, move.state),
      site: move.site,
      choices: slotChoices(slots, live, move.site),
      canDeliver:
        mayBook && live === null && canBook && (manages || move.workStyle === 'home' || move.workStyle === 'field'),
      before: bookings.filter((each) => !isLive(each)).map((each) => bookingLine(each, now)),
      today: londonDay(now),
    });
  }

  @FormPost('', { form: 'book' })
  @SignedIn({ audit: ['booking.made', 'booking.waiting', 'booking.cancelled'] })
  @UseGuards(NoParametersGuard)
  async choose(
    @Param('id', RecordIdPipe) moveId: number,
    @Body() { slot }: SlotForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    const [, action, number] = /^(book|wait)-([1-9]\d{0,8})$/.exec(slot) ?? [];
    if (action === undefined) throw new InputError('Choose a date.', [{ field: 'slot', message: 'Choose a date' }]);
    const slotId = Number(number);
    const live = (await this.queries.ofMove(moveId)).find(isLive);
    if (action === 'wait') {
      await this.bookings.joinWaitingList({ moveId, slotId, idempotencyKey }, access);
      return redirectTo(
        paths.bookMove(moveId),
        'You are on the waiting list. A place that becomes free is given by turn.',
      );
    }
    if (live) await this.bookings.rebook({ moveId, bookingId: live.id, slotId, idempotencyKey }, access);
    else await this.bookings.book({ moveId, slotId, idempotencyKey }, access);
    return redirectTo(paths.bookMove(moveId), live ? 'The booking was changed.' : 'The hand-over is booked.');
  }

  @FormPost('cancel', { form: 'book' })
  @SignedIn({ audit: 'booking.cancelled' })
  @UseGuards(NoParametersGuard)
  async cancel(
    @Param('id', RecordIdPipe) moveId: number,
    @Body() { bookingId, reason }: CancelForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    await this.bookings.cancel({ moveId, bookingId, reason, idempotencyKey }, access);
    return redirectTo(paths.bookMove(moveId), 'The booking was cancelled.');
  }

  @FormPost('delivery', { form: 'book' })
  @SignedIn({ audit: 'booking.made' })
  @UseGuards(NoParametersGuard)
  async deliver(
    @Param('id', RecordIdPipe) moveId: number,
    @Body() { deliverOn }: DeliveryForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    await this.bookings.deliver({ moveId, deliverOn, idempotencyKey }, access);
    return redirectTo(paths.bookMove(moveId), 'The delivery is booked.');
  }
}

function isLive({ state }: KnownBooking): boolean {
  return state === 'booked' || state === 'waiting';
}
