import { Body, Controller, Param, Query, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError, NotFoundError } from '../../../common/errors.js';
import { londonDay, shownDay } from '../../../common/uk-time.js';
import { FormPost, Submission } from '../../../web/form.js';
import { OptionalText, RequiredChoice, RequiredText } from '../../../web/form-fields.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { ChoiceField, DayField } from '../../../web/query-fields.js';
import { BOOKING_STATE_WORDS } from '../../domain/waves/booking-words.js';
import { AppointmentCorrections, type CorrectedState } from '../../waves/appointment-corrections.service.js';
import { AppointmentsService } from '../../waves/appointments.service.js';
import { AppointmentsQueries, type Appointment } from '../appointments.queries.js';
import {
  appointmentLine,
  appointmentTime,
  checklist,
  correctionOf,
  dayAddress,
  neighbours,
  personName,
} from './my-day.view.js';

/** What the page of a day can be asked for. */
export class MyDayParameters {
  @DayField('Day; today without it.')
  day?: string;

  @ChoiceField('Only your own appointments, or everybody’s with the deliveries.', ['me', 'all'], 'me')
  who?: 'me' | 'all';
}

const OUTCOMES = ['attended', 'missed', 'sent', 'delivered'] as const;

/** What became of an appointment, from the form. */
class OutcomeForm {
  @RequiredChoice('Choose what happened', OUTCOMES)
  outcome: (typeof OUTCOMES)[number];

  @OptionalText({ longest: 60 })
  tracking?: string;
}

/** That the other of the two is true, and why. */
class CorrectionForm {
  @RequiredChoice('Load the page again', ['attended', 'missed'])
  state: CorrectedState;

  @RequiredText('Enter what was wrong', { longest: 500 })
  reason: string;
}

/** An engineer's day: who comes, what to give and to take back, and what became of it. Made for a phone. */
@Controller()
export class MyDayController {
  constructor(
    private readonly appointments: AppointmentsQueries,
    private readonly service: AppointmentsService,
    private readonly corrections: AppointmentCorrections,
  ) {}

  @Page('my-day')
  @Access('rollout:work')
  async day(
    @Query() { day: wanted, who = 'me' }: MyDayParameters,
    @Current() { personEntraId }: CurrentAccess,
  ): Promise<PageView> {
    const today = londonDay(new Date());
    const day = wanted ?? today;
    const found = await this.appointments.ofDay(day, who === 'all' ? null : (personEntraId ?? ''));
    const { before, after } = neighbours(day);
    return pageView('rollout/people/web/my-day.njk', {
      title: who === 'me' ? 'My day' : 'Everybody’s day',
      section: 'my-day',
      day: shownDay(day),
      isToday: day === today,
      who,
      lines: found.map(appointmentLine),
      today: dayAddress(today, who, today),
      before: { href: dayAddress(before, who, today), text: shownDay(before) },
      after: { href: dayAddress(after, who, today), text: shownDay(after) },
      other: dayAddress(day, who === 'me' ? 'all' : 'me', today),
    });
  }

  @Page('appointments/:id')
  @Access('rollout:work')
  @UseGuards(NoParametersGuard)
  async appointment(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const appointment = await this.#one(id);
    const isDelivery = appointment.startsAt === null;
    return pageView('rollout/people/web/appointment.njk', {
      title: personName(appointment.person),
      section: 'my-day',
      id,
      isDelivery,
      time: appointmentTime(appointment),
      day: appointment.startsAt === null ? null : shownDay(londonDay(new Date(appointment.startsAt))),
      site: appointment.site,
      team: appointment.team,
      state: BOOKING_STATE_WORDS[appointment.state],
      isOpen: appointment.state === 'booked',
      tracking: appointment.tracking,
      reason: appointment.reason,
      correction: correctionOf(appointment, new Date()),
      items: checklist(appointment),
      move: paths.move(appointment.moveId),
      outcomes: isDelivery
        ? [
            { value: 'sent', text: 'It was sent', hint: 'Enter the carrier’s number below.' },
            { value: 'delivered', text: 'It arrived' },
          ]
        : [
            { value: 'attended', text: 'They came' },
            { value: 'missed', text: 'They did not come', hint: 'Their laptop goes back into stock.' },
          ],
    });
  }

  @FormPost('appointments/:id', { form: 'appointment' })
  @Access('rollout:work', { audit: ['booking.attended', 'booking.missed', 'booking.sent', 'booking.delivered'] })
  async say(
    @Param('id', RecordIdPipe) bookingId: number,
    @Body() { outcome, tracking }: OutcomeForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    const request = { bookingId, idempotencyKey };
    if (outcome === 'sent') {
      if (tracking === undefined) {
        const message = 'Enter the carrier’s number';
        throw new InputError(message, [{ field: 'tracking', message }]);
      }
      await this.service.sent(bookingId, tracking, access);
      return redirectTo(paths.appointment(bookingId), 'Noted as sent.');
    }
    await this.service[outcome](request, access);
    const said = {
      attended: 'Noted: they came.',
      missed: 'Noted: they did not come.',
      delivered: 'Noted: it arrived.',
    };
    return redirectTo(paths.appointment(bookingId), said[outcome]);
  }

  @FormPost('appointments/:id/correct', { form: 'appointment' })
  @Access('rollout:work', { audit: 'booking.corrected' })
  @UseGuards(NoParametersGuard)
  async correct(
    @Param('id', RecordIdPipe) bookingId: number,
    @Body() { state, reason }: CorrectionForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    await this.corrections.correct({ bookingId, state, reason, idempotencyKey }, access);
    return redirectTo(
      paths.appointment(bookingId),
      state === 'attended' ? 'Corrected: they came.' : 'Corrected: they did not come.',
    );
  }

  async #one(id: number): Promise<Appointment> {
    const appointment = await this.appointments.one(id);
    if (appointment === null) throw new NotFoundError('There is no such appointment. Go back to the day.');
    return appointment;
  }
}
