import { Body, Controller, Headers, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Access, SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { Answers, recordId } from '../../../web/api-schema.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { versionIn } from '../../../web/if-match.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { unlessChanged } from '../../../web/unless-changed.js';
import { HandoverService, type PickCommand } from '../handover.service.js';
import { PickingService, type PickOutcome } from '../picking.service.js';
import { ReceiptService } from '../receipt.service.js';
import { BringBackBody, DispatchBody, PickBody } from './fulfilment-bodies.js';
import { pickOutcomeSchema } from './fulfilment.schema.js';

const KEY = { name: 'Idempotency-Key', required: false, description: 'The same key is done once.' };
const VERSION = { name: 'If-Match', required: false, description: 'ETag of the pick that was looked at.' };
const PICK = recordId('pick');

/** From the shelf to the person, and back. */
@ApiTags('Stock')
@Controller('api/v1')
export class FulfilmentController {
  constructor(
    private readonly picking: PickingService,
    private readonly handover: HandoverService,
    private readonly receipts: ReceiptService,
  ) {}

  @Post('stock/picking/:id/pick')
  @Access('stock:write', { audit: 'request.picked' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Pick from a reservation: a machine by its serial number, or some of what is counted',
    description: '409 when nothing is left of the reservation, or the machine is not free at its place.',
    schema: pickOutcomeSchema,
    parameter: recordId('reservation'),
    status: 201,
    refusals: [409],
  })
  @ApiHeader(KEY)
  pick(
    @Param('id', RecordIdPipe) reservationId: number,
    @Body() { serial = null, quantity = null }: PickBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<PickOutcome> {
    return this.picking.pick({ reservationId, serial, quantity, idempotencyKey: idempotencyKey(key) }, access);
  }

  @Post('stock/picks/:id/put-back')
  @Access('stock:write', { audit: 'request.put-back' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Put something back on its shelf that was not handed over; it stays reserved while the request holds',
    schema: pickOutcomeSchema,
    parameter: PICK,
    refusals: [409],
  })
  @ApiHeader(KEY)
  @ApiHeader(VERSION)
  putBack(
    @Param('id', RecordIdPipe) pickId: number,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
    @Headers('if-match') ifMatch?: string,
  ): Promise<PickOutcome> {
    return unlessChanged(this.handover.putBack(commandOf(pickId, key, ifMatch), access));
  }

  @Post('stock/picks/:id/dispatch')
  @Access('stock:write', { audit: 'request.dispatched' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Note that something is on its way to the person, with the carrier’s number',
    schema: pickOutcomeSchema,
    parameter: PICK,
    refusals: [409],
  })
  @ApiHeader(KEY)
  @ApiHeader(VERSION)
  dispatch(
    @Param('id', RecordIdPipe) pickId: number,
    @Body() { tracking }: DispatchBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
    @Headers('if-match') ifMatch?: string,
  ): Promise<PickOutcome> {
    return unlessChanged(this.handover.dispatch({ ...commandOf(pickId, key, ifMatch), tracking }, access));
  }

  @Post('stock/picks/:id/hand-over')
  @Access('custody:write', { audit: ['request.handed-over', 'device.handed-over', 'device.recalled'] })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Hand something over, or note that a delivery arrived; never to yourself',
    description: 'Custody follows, and the machine that it replaces is asked back.',
    schema: pickOutcomeSchema,
    parameter: PICK,
    refusals: [409],
  })
  @ApiHeader(KEY)
  @ApiHeader(VERSION)
  handOver(
    @Param('id', RecordIdPipe) pickId: number,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
    @Headers('if-match') ifMatch?: string,
  ): Promise<PickOutcome> {
    return unlessChanged(this.handover.handOver(commandOf(pickId, key, ifMatch), access));
  }

  @Post('stock/picks/:id/bring-back')
  @Access('custody:write', { audit: ['request.brought-back', 'device.taken-back'] })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Take back what somebody was given; never from yourself',
    description:
      'A machine is recovered, to be wiped before it is stock again; an accessory that is fit is stock at once.',
    schema: pickOutcomeSchema,
    parameter: PICK,
    refusals: [409],
  })
  @ApiHeader(KEY)
  @ApiHeader(VERSION)
  bringBack(
    @Param('id', RecordIdPipe) pickId: number,
    @Body() { condition, placeId }: BringBackBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
    @Headers('if-match') ifMatch?: string,
  ): Promise<PickOutcome> {
    return unlessChanged(this.receipts.bringBack({ ...commandOf(pickId, key, ifMatch), condition, placeId }, access));
  }

  @Post('requests/to-confirm/:id')
  @SignedIn({ audit: ['request.received', 'request.closed'] })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Confirm that you have what you were given',
    schema: pickOutcomeSchema,
    parameter: PICK,
    refusals: [409],
  })
  @ApiHeader(KEY)
  @ApiHeader(VERSION)
  confirm(
    @Param('id', RecordIdPipe) pickId: number,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
    @Headers('if-match') ifMatch?: string,
  ): Promise<PickOutcome> {
    return unlessChanged(this.receipts.confirm(commandOf(pickId, key, ifMatch), access));
  }
}

function commandOf(pickId: number, key: string | undefined, ifMatch: string | undefined): PickCommand {
  return {
    pickId,
    version: ifMatch === undefined ? null : versionIn(ifMatch, 'pick'),
    idempotencyKey: idempotencyKey(key),
  };
}
