import { Module } from '@nestjs/common';
import { MovesQueries } from '../moves.queries.js';
import { RolloutNetworkModule } from '../network/rollout-network.module.js';
import { ProgrammeQueries } from '../programme.queries.js';
import { BookingsController } from './api/bookings.controller.js';
import { SlotsController } from './api/slots.controller.js';
import { WavesController } from './api/waves.controller.js';
import { BookingPagesController } from './web/booking-pages.controller.js';
import { CalendarController, CalendarPagesController } from './web/calendar-pages.controller.js';
import { ClosurePagesController } from './web/closure-pages.controller.js';
import { DelegatePagesController } from './web/delegate-pages.controller.js';
import { SlotPagesController } from './web/slot-pages.controller.js';
import { WavePagesController } from './web/wave-pages.controller.js';
import { WavesModule } from './waves.module.js';

/** Waves, slots, bookings and calendars for people and programs: pages and API. */
@Module({
  imports: [RolloutNetworkModule, WavesModule],
  controllers: [
    BookingsController,
    SlotsController,
    WavesController,
    BookingPagesController,
    DelegatePagesController,
    ClosurePagesController,
    SlotPagesController,
    WavePagesController,
    CalendarPagesController,
    CalendarController,
  ],
  providers: [MovesQueries, ProgrammeQueries],
})
export class WavesWebModule {}
