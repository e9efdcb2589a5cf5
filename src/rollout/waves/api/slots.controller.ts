import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError } from '../../../common/errors.js';
import { addDays, londonDay } from '../../../common/uk-time.js';
import { Answers, choice, instant, list, orNull, record, recordId, text, whole } from '../../../web/api-schema.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { DayField, TextField } from '../../../web/query-fields.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { ClosuresService, type ClosureOutcome } from '../closures.service.js';
import { SlotsQueries, type SlotWithPlaces } from '../slots.queries.js';
import { SlotsService, type SlotOrderOutcome } from '../slots.service.js';
import { CapacityBody, ClosureBody, ShortReasonBody, SlotsBody } from './booking-bodies.js';

/** Days that one answer covers at most. */
const MOST_DAYS = 62;
const KEY = { name: 'Idempotency-Key', required: false, description: 'The same key is done once.' };

/** What the list of slots can be asked for. */
export class SlotsParameters {
  @DayField('First day (UK); today without it.')
  from?: string;

  @DayField(`Last day (UK), at most ${MOST_DAYS} days later; thirteen days after the first without it.`)
  until?: string;

  @TextField('Only this site.', 'Town Hall')
  site?: string;
}

const slotSchema = record({
  id: whole(),
  site: text(),
  startsAt: instant(),
  endsAt: instant(),
  cutOffAt: instant('Until when people can book it themselves.'),
  capacity: whole(),
  taken: whole(),
  waiting: whole(),
  state: choice(['open', 'closed']),
  engineer: record({ id: orNull(whole()), displayName: orNull(text()) }),
});

/** Slots and the days on which there are none. */
@ApiTags('Rollout')
@Controller('api/v1/rollout')
export class SlotsController {
  constructor(
    private readonly slots: SlotsService,
    private readonly closures: ClosuresService,
    private readonly queries: SlotsQueries,
    private readonly programmes: ProgrammeQueries,
  ) {}

  @Get('slots')
  @Access('rollout:read')
  @Answers({ summary: 'List slots with their free places', schema: list(slotSchema) })
  async list(@Query() { from, until, site }: SlotsParameters): Promise<SlotWithPlaces[]> {
    const fromDay = from ?? londonDay(new Date());
    const untilDay = until ?? addDays(fromDay, 13);
    if (untilDay < fromDay || untilDay > addDays(fromDay, MOST_DAYS)) {
      const message = `give a day from ${fromDay} to ${addDays(fromDay, MOST_DAYS)}`;
      throw new InputError('Put these parameters right: until.', [{ field: 'until', message }], 400);
    }
    const programme = await this.programmes.current();
    return programme === null ? [] : this.queries.ofDays(programme.id, { fromDay, untilDay, site: site ?? null });
  }

  @Post('slots')
  @Access('rollout:manage', { audit: 'slot.made' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Make slots by a weekly pattern, or show what would be made',
    schema: record({ made: whole(), skipped: list(record({ day: text(), reason: text() })) }),
    refusals: [409, 422],
  })
  @ApiHeader(KEY)
  make(
    @Body() { site, engineer, trial = false, ...pattern }: SlotsBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<SlotOrderOutcome> {
    return this.slots.make(
      { site, engineer, pattern },
      { isTrial: trial, idempotencyKey: idempotencyKey(key) },
      access,
    );
  }

  @Post('slots/:id/capacity')
  @Access('rollout:manage', { audit: ['slot.changed', 'booking.promoted'] })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Give a slot more or fewer places',
    schema: record({ promoted: whole('People on the waiting list who have a place now.') }),
    parameter: recordId('slot'),
    refusals: [409],
  })
  capacity(
    @Param('id', RecordIdPipe) id: number,
    @Body() { capacity }: CapacityBody,
    @Current() access: CurrentAccess,
  ): Promise<{ readonly promoted: number }> {
    return this.slots.changeCapacity(id, capacity, access);
  }

  @Post('slots/:id/close')
  @Access('rollout:manage', { audit: ['slot.closed', 'booking.cancelled'] })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Close a slot and cancel its bookings',
    schema: record({ cancelled: whole() }),
    parameter: recordId('slot'),
    refusals: [409],
  })
  close(
    @Param('id', RecordIdPipe) id: number,
    @Body() { reason }: ShortReasonBody,
    @Current() access: CurrentAccess,
  ): Promise<{ readonly cancelled: number }> {
    return this.slots.close(id, reason, access);
  }

  @Post('slot-closures')
  @Access('rollout:manage', { audit: ['slot-closure.made', 'slot.closed', 'booking.cancelled'] })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Close a site, or all, for some days, and cancel the bookings of these days',
    schema: record({ closureId: whole(), closed: whole(), cancelled: whole() }),
    status: 201,
    refusals: [409],
  })
  @ApiHeader(KEY)
  closeDays(
    @Body() { site, fromDay, untilDay, reason }: ClosureBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<ClosureOutcome> {
    return this.closures.make({ site: site ?? null, fromDay, untilDay, reason }, idempotencyKey(key), access);
  }

  @Post('slot-closures/:id/withdraw')
  @Access('rollout:manage', { audit: 'slot-closure.withdrawn' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Take a closure back: its slots open again, without those who were cancelled',
    schema: record({ opened: whole() }),
    parameter: recordId('closure'),
    refusals: [409],
  })
  withdraw(
    @Param('id', RecordIdPipe) id: number,
    @Current() access: CurrentAccess,
  ): Promise<{ readonly opened: number }> {
    return this.closures.withdraw(id, access);
  }
}
