import { Body, Controller, Get, Headers, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiParam, ApiTags } from '@nestjs/swagger';
import { Access, SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { Answers, choice, instant, list, orNull, record, recordId, text, whole } from '../../../web/api-schema.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { BOOKING_STATES } from '../../domain/waves/booking-words.js';
import { AppointmentCorrections } from '../appointment-corrections.service.js';
import { AppointmentsService, type AppointmentOutcome } from '../appointments.service.js';
import { BookingsQueries, type KnownBooking } from '../bookings.queries.js';
import { BookingsService, type BookingOutcome } from '../bookings.service.js';
import { CorrectionBody, DeliveryBody, ShortReasonBody, SlotBody, TrackingBody } from './booking-bodies.js';

const KEY = { name: 'Idempotency-Key', required: false, description: 'The same key is done once.' };
const BOOKING = { name: 'bookingId', schema: { type: 'integer' as const }, description: 'Id of the booking.' };

const bookingSchema = record({
  id: whole(),
  state: choice(BOOKING_STATES),
  slotId: orNull(whole('Null for a delivery.')),
  site: orNull(text()),
  startsAt: orNull(instant()),
  endsAt: orNull(instant()),
  deliverOn: orNull(text('Day of a delivery.')),
  tracking: orNull(text('The carrier’s number.')),
  createdAt: instant(),
  endedAt: orNull(instant()),
  reason: orNull(text()),
  turn: orNull(whole('Turn on the waiting list, from 1.')),
});
const outcomeSchema = record({
  bookingId: whole(),
  state: choice(['booked', 'waiting', 'cancelled', 'delivered']),
  slotId: orNull(whole()),
  laptopId: orNull(whole('The machine that was put aside.')),
});
const appointmentSchema = record({
  bookingId: whole(),
  moveId: whole(),
  state: choice(BOOKING_STATES),
  missedCount: whole('Appointments that the person has missed so far.'),
});

/** Bookings of hand-overs. Who may book for whom goes by the line, which no permission knows: the service decides it. */
@ApiTags('Rollout')
@Controller('api/v1')
export class BookingsController {
  constructor(
    private readonly bookings: BookingsService,
    private readonly appointments: AppointmentsService,
    private readonly corrections: AppointmentCorrections,
    private readonly queries: BookingsQueries,
  ) {}

  @Get('moves/:id/bookings')
  @Access('rollout:read', { own: 'move' })
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'List the bookings of a move, the latest first',
    schema: list(bookingSchema),
    parameter: recordId('move'),
  })
  async list(@Param('id', RecordIdPipe) id: number): Promise<KnownBooking[]> {
    if ((await this.queries.move(id)) === null) throw new NotFoundError('There is no such move.');
    return this.queries.ofMove(id);
  }

  @Post('moves/:id/bookings')
  @SignedIn({ audit: ['booking.made', 'booking.promoted'] })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Book a place in a slot, with a laptop put aside',
    description: '409 when all places are taken, the person is not ready, or no laptop is left; the answer says which.',
    schema: outcomeSchema,
    parameter: recordId('move'),
    status: 201,
    refusals: [409],
  })
  @ApiHeader(KEY)
  book(
    @Param('id', RecordIdPipe) moveId: number,
    @Body() { slotId }: SlotBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<BookingOutcome> {
    return this.bookings.book({ moveId, slotId, idempotencyKey: idempotencyKey(key) }, access);
  }

  @Post('moves/:id/bookings/waiting')
  @SignedIn({ audit: 'booking.waiting' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Join the waiting list of a slot that is full',
    schema: outcomeSchema,
    parameter: recordId('move'),
    status: 201,
    refusals: [409],
  })
  @ApiHeader(KEY)
  wait(
    @Param('id', RecordIdPipe) moveId: number,
    @Body() { slotId }: SlotBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<BookingOutcome> {
    return this.bookings.joinWaitingList({ moveId, slotId, idempotencyKey: idempotencyKey(key) }, access);
  }

  @Post('moves/:id/bookings/delivery')
  @SignedIn({ audit: 'booking.made' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Have the laptop sent home, without a slot',
    schema: outcomeSchema,
    parameter: recordId('move'),
    status: 201,
    refusals: [409],
  })
  @ApiHeader(KEY)
  deliver(
    @Param('id', RecordIdPipe) moveId: number,
    @Body() { deliverOn }: DeliveryBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<BookingOutcome> {
    return this.bookings.deliver({ moveId, deliverOn, idempotencyKey: idempotencyKey(key) }, access);
  }

  @Post('moves/:id/bookings/:bookingId/change')
  @SignedIn({ audit: ['booking.made', 'booking.cancelled', 'booking.promoted'] })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Change a booking to another slot in one step',
    schema: outcomeSchema,
    parameter: recordId('move'),
    refusals: [409],
  })
  @ApiParam(BOOKING)
  @ApiHeader(KEY)
  change(
    @Param('id', RecordIdPipe) moveId: number,
    @Param('bookingId', RecordIdPipe) bookingId: number,
    @Body() { slotId }: SlotBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<BookingOutcome> {
    return this.bookings.rebook({ moveId, bookingId, slotId, idempotencyKey: idempotencyKey(key) }, access);
  }

  @Post('moves/:id/bookings/:bookingId/cancel')
  @SignedIn({ audit: ['booking.cancelled', 'booking.promoted'] })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Cancel a booking, or leave a waiting list',
    schema: outcomeSchema,
    parameter: recordId('move'),
    refusals: [409],
  })
  @ApiParam(BOOKING)
  @ApiHeader(KEY)
  cancel(
    @Param('id', RecordIdPipe) moveId: number,
    @Param('bookingId', RecordIdPipe) bookingId: number,
    @Body() { reason }: ShortReasonBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<BookingOutcome> {
    return this.bookings.cancel({ moveId, bookingId, reason, idempotencyKey: idempotencyKey(key) }, access);
  }

  @Post('rollout/bookings/:id/attended')
  @Access('rollout:work', { audit: 'booking.attended' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Say that the person came',
    schema: appointmentSchema,
    parameter: recordId('booking'),
    refusals: [409],
  })
  @ApiHeader(KEY)
  attended(
    @Param('id', RecordIdPipe) bookingId: number,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<AppointmentOutcome> {
    return this.appointments.attended({ bookingId, idempotencyKey: idempotencyKey(key) }, access);
  }

  @Post('rollout/bookings/:id/missed')
  @Access('rollout:work', { audit: 'booking.missed' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Say that the person did not come',
    schema: appointmentSchema,
    parameter: recordId('booking'),
    refusals: [409],
  })
  @ApiHeader(KEY)
  missed(
    @Param('id', RecordIdPipe) bookingId: number,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<AppointmentOutcome> {
    return this.appointments.missed({ bookingId, idempotencyKey: idempotencyKey(key) }, access);
  }

  @Post('rollout/bookings/:id/correct')
  @Access('rollout:work', { audit: 'booking.corrected' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Correct whether the person came, on the day on which it was said',
    schema: appointmentSchema,
    parameter: recordId('booking'),
    refusals: [409],
  })
  @ApiHeader(KEY)
  correct(
    @Param('id', RecordIdPipe) bookingId: number,
    @Body() { state, reason }: CorrectionBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<AppointmentOutcome> {
    const idempotency = idempotencyKey(key);
    return this.corrections.correct({ bookingId, state, reason, idempotencyKey: idempotency }, access);
  }

  @Post('rollout/bookings/:id/delivered')
  @Access('rollout:work', { audit: 'booking.delivered' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Say that a delivery arrived',
    schema: appointmentSchema,
    parameter: recordId('booking'),
    refusals: [409],
  })
  @ApiHeader(KEY)
  delivered(
    @Param('id', RecordIdPipe) bookingId: number,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<AppointmentOutcome> {
    return this.appointments.delivered({ bookingId, idempotencyKey: idempotencyKey(key) }, access);
  }

  @Post('rollout/bookings/:id/sent')
  @Access('rollout:work', { audit: 'booking.sent' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Note the carrier’s number of a delivery',
    schema: appointmentSchema,
    parameter: recordId('booking'),
    refusals: [409],
  })
  sent(
    @Param('id', RecordIdPipe) bookingId: number,
    @Body() { tracking }: TrackingBody,
    @Current() access: CurrentAccess,
  ): Promise<AppointmentOutcome> {
    return this.appointments.sent(bookingId, tracking, access);
  }
}
