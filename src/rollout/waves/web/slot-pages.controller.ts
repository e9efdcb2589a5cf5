import { Body, Controller, Param, Query, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError, NotFoundError } from '../../../common/errors.js';
import { addDays, londonDay, shownDay, shownDays } from '../../../common/uk-time.js';
import { FormPost, Submission } from '../../../web/form.js';
import { AnyChoices, RequiredDay, RequiredId, RequiredText, Tick } from '../../../web/form-fields.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { DayField, TextField } from '../../../web/query-fields.js';
import { valuesOf } from '../../../web/submitted-form.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { SlotsQueries } from '../slots.queries.js';
import { SlotsService, type SlotOrder, type SlotOrderOutcome } from '../slots.service.js';
import { slotTime } from './booking.view.js';
import { calendarTable, DAYS_SHOWN, slotLine } from './slot-calendar.view.js';

/** What the calendar can be asked for. */
export class SlotCalendarParameters {
  @DayField('First of the fourteen days; today without it.')
  from?: string;

  @DayField('A day whose slots are listed.')
  day?: string;

  @TextField('A site whose slots are listed.', 'Town Hall')
  site?: string;
}

const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7'];
const WEEKDAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

class PatternForm {
  @RequiredText('Enter the site', { longest: 200 })
  site: string;

  @RequiredText('Enter the engineer', { longest: 256 })
  engineer: string;

  @RequiredDay('Enter the first day')
  fromDay: string;

  @RequiredDay('Enter the last day')
  untilDay: string;

  @AnyChoices('Choose weekdays', WEEKDAYS)
  weekdays: string[] = [];

  @RequiredText('Enter the times at which slots begin', { longest: 300 })
  startTimes: string;

  @RequiredId('Enter how many minutes each takes')
  minutes: number;

  @RequiredId('Enter how many places each has')
  capacity: number;

  @RequiredId('Enter how many days before booking closes')
  cutOffDays: number;

  @Tick()
  only = false;
}

class CapacityForm {
  @RequiredId('Enter how many places it has')
  capacity: number;
}

class CloseForm {
  @RequiredText('Enter why it is closed', { longest: 500 })
  reason: string;
}

/** Slots: the calendar of free places, making them, and each by itself. */
@Controller('rollout/slots')
export class SlotPagesController {
  constructor(
    private readonly service: SlotsService,
    private readonly queries: SlotsQueries,
    private readonly programmes: ProgrammeQueries,
  ) {}

  @Page('')
  @Access('rollout:read')
  async calendar(
    @Query() { from: wanted, day, site }: SlotCalendarParameters,
    @Current() { permissions }: CurrentAccess,
  ): Promise<PageView> {
    const today = londonDay(new Date());
    const from = wanted ?? day ?? today;
    const until = addDays(from, DAYS_SHOWN - 1);
    const programme = await this.programmes.current();
    const id = programme?.id ?? 0;
    const [slots, closures, listed] = await Promise.all([
      this.queries.ofDays(id, { fromDay: from, untilDay: until, site: null }),
      this.queries.closures(id, today),
      day === undefined ? [] : this.queries.ofDays(id, { fromDay: day, untilDay: day, site: site ?? null }),
    ]);
    return pageView('rollout/waves/web/slots.njk', {
      title: 'Slots',
      programme: programme?.name ?? null,
      manages: permissions.has('rollout:manage'),
      span: shownDays(from, until),
      table: calendarTable(from, slots, closures),
      before: paths.slots({ from: addDays(from, -DAYS_SHOWN) }),
      after: paths.slots({ from: addDays(from, DAYS_SHOWN) }),
      day: day === undefined ? null : `${shownDay(day)}${site === undefined ? '' : `, ${site}`}`,
      listed: listed.map(slotLine),
    });
  }

  @Page('new')
  @Access('rollout:manage')
  @UseGuards(NoParametersGuard)
  async newForm(): Promise<PageView> {
    return this.#newPage({ weekdays: ['1', '2', '3', '4', '5'], minutes: '60', capacity: '4', cutOffDays: '1' }, null);
  }

  @FormPost('new', { form: 'newForm' })
  @Access('rollout:manage', { audit: 'slot.made' })
  @UseGuards(NoParametersGuard)
  async make(
    @Body() form: PatternForm,
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<PageView | Redirect> {
    const outcome = await this.service.make(orderOf(form), { isTrial: form.only, idempotencyKey }, access);
    if (form.only) return this.#newPage(valuesOf(request), outcome);
    return redirectTo(paths.slots({ from: form.fromDay }), `${outcome.made} slots were made.`);
  }

  @Page(':id')
  @Access('rollout:read')
  @UseGuards(NoParametersGuard)
  async one(@Param('id', RecordIdPipe) id: number, @Current() { permissions }: CurrentAccess): Promise<PageView> {
    const slot = await this.queries.one(id);
    if (slot === null) throw new NotFoundError('There is no such slot.');
    return pageView('rollout/waves/web/slot.njk', {
      title: slotTime(slot.startsAt, slot.endsAt),
      id,
      slot: slotLine(slot),
      people: await this.queries.people(id),
      manages: permissions.has('rollout:manage') && slot.state === 'open',
    });
  }

  @FormPost(':id', { form: 'one' })
  @Access('rollout:manage', { audit: ['slot.changed', 'booking.promoted'] })
  @UseGuards(NoParametersGuard)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() { capacity }: CapacityForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.service.changeCapacity(id, capacity, access);
    return redirectTo(paths.slot(id), 'The places were changed.');
  }

  @FormPost(':id/close', { form: 'one' })
  @Access('rollout:manage', { audit: ['slot.closed', 'booking.cancelled'] })
  @UseGuards(NoParametersGuard)
  async close(
    @Param('id', RecordIdPipe) id: number,
    @Body() { reason }: CloseForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    const { cancelled } = await this.service.close(id, reason, access);
    return redirectTo(paths.slot(id), `The slot was closed; ${cancelled} bookings were cancelled.`);
  }

  async #newPage(values: object, outcome: SlotOrderOutcome | null): Promise<PageView> {
    const programme = await this.programmes.current();
    return pageView('rollout/waves/web/new-slots.njk', {
      title: 'Make slots',
      programme: programme?.name ?? null,
      sites: programme === null ? [] : await this.queries.sites(programme.id),
      values,
      weekdays: WEEKDAYS.map((value, index) => ({ value, text: WEEKDAY_NAMES[index] })),
      trial: outcome && {
        made: outcome.made,
        skipped: outcome.skipped.map(({ day, reason }) => ({ day: shownDay(day), reason })),
      },
    });
  }
}

function orderOf(form: PatternForm): SlotOrder {
  const { site, engineer, fromDay, untilDay, minutes, capacity, cutOffDays } = form;
  const startTimes = form.startTimes.split(/[,;\s]+/).filter((time) => time !== '');
  if (startTimes.length === 0) {
    const message = 'Enter the times at which slots begin';
    throw new InputError(message, [{ field: 'startTimes', message }]);
  }
  const weekdays = form.weekdays.map(Number);
  return { site, engineer, pattern: { fromDay, untilDay, weekdays, startTimes, minutes, capacity, cutOffDays } };
}
