import { Module } from '@nestjs/common';
import { MoveCircleQueries } from '../move-circle.queries.js';
import { MoveDerivationService } from '../move-derivation.service.js';
import { ProgrammeQueries } from '../programme.queries.js';
import { AppointmentCorrections } from './appointment-corrections.service.js';
import { AppointmentsService } from './appointments.service.js';
import { BookingChanges } from './booking-changes.service.js';
import { BookingRights } from './booking-rights.queries.js';
import { BookingSweep } from './booking-sweep.service.js';
import { BookingsQueries } from './bookings.queries.js';
import { BookingsService } from './bookings.service.js';
import { CalendarFeedsService } from './calendar-feeds.service.js';
import { CalendarQueries } from './calendar.queries.js';
import { ClosuresService } from './closures.service.js';
import { DelegatesService } from './delegates.service.js';
import { SlotsQueries } from './slots.queries.js';
import { SlotsService } from './slots.service.js';
import { WaitingList } from './waiting-list.service.js';
import { WavesJobs } from './waves.jobs.js';
import { WavesQueries } from './waves.queries.js';
import { WavesService } from './waves.service.js';
import { WhyNotReadyQueries } from './why-not-ready.queries.js';

const OPEN = [
  AppointmentCorrections,
  AppointmentsService,
  BookingRights,
  BookingsQueries,
  BookingsService,
  CalendarFeedsService,
  CalendarQueries,
  ClosuresService,
  DelegatesService,
  SlotsQueries,
  SlotsService,
  WavesJobs,
  WavesQueries,
  WavesService,
  WhyNotReadyQueries,
];

/** Waves, slots, bookings with their laptops, delegates and calendars. For any process. */
@Module({
  providers: [
    ...OPEN,
    BookingChanges,
    BookingSweep,
    MoveCircleQueries,
    MoveDerivationService,
    ProgrammeQueries,
    WaitingList,
  ],
  exports: OPEN,
})
export class WavesModule {}
