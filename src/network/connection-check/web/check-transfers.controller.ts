import { Readable } from 'node:stream';
import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { ForbiddenError, InputError } from '../../../common/errors.js';
import { FormGuard } from '../../../web/form.guard.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { CHECK_LIMITS, checkLimits, type CheckLimits } from '../check-limits.js';
import { CheckPlaces } from '../check-places.js';
import { issueTicket, readTicket } from '../check-ticket.js';
import { CheckTransfers, Transfer, type TransferRefusal } from '../check-transfers.js';
import { NoFields, TransferParameters } from './check-form.js';

/** Longest that whoever waits leaves between two questions, in seconds. */
const ASK_AGAIN = 5;
const LARGEST_TRANSFER = checkLimits({ atOnce: 1, megabitsPerSecond: 1 }).transferBytes;

const STATUS_OF: Readonly<Record<TransferRefusal, number>> = { 'too-large': 413, 'used-up': 410, busy: 429 };

/** What the script of a connection check talks to: a place, then files to fetch and to send. */
@ApiExcludeController()
@Controller('me/connection')
export class CheckTransfersController {
  constructor(
    private readonly places: CheckPlaces,
    private readonly transfers: CheckTransfers,
    @Inject(CHECK_LIMITS) private readonly limits: CheckLimits,
  ) {}

  /** A ticket when there is a place; else 429 with when to ask again, and when a place is likely. */
  @Post('begin')
  @RouteConfig({ takesForm: true })
  @UseGuards(FormGuard, NoParametersGuard)
  @SignedIn({ storesNothing: true })
  begin(
    @Body() _form: NoFields,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): object {
    const { personEntraId, sessionId } = access;
    if (personEntraId === null || sessionId === null) throw new ForbiddenError('Only a person checks a connection.');
    const now = new Date();
    const { ticket, id } = issueTicket(sessionId, now);
    const admission = this.places.ask(personEntraId, id, now.getTime());
    void reply.code(200);
    if (admission.kind === 'begun') return { ticket };
    const { kind, seconds } = admission;
    void reply.code(429).header('retry-after', String(kind === 'wait' ? Math.min(seconds, ASK_AGAIN) : seconds));
    return { reason: kind, seconds };
  }

  /** So many bytes that cannot be packed; none at all to see how long a reply takes. */
  @Get('transfers/:ticket/down')
  @SignedIn()
  down(
    @Param('ticket') ticket: string,
    @Query() { bytes }: TransferParameters,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Readable | string {
    const id = this.#running(ticket, access);
    // The script takes what the server took, from the request to here, off the time of the reply.
    void reply.header('server-timing', `app;dur=${reply.elapsedTime.toFixed(2)}`);
    void reply.type('application/octet-stream');
    if (id === null) return refused(reply, 410);
    const now = Date.now();
    if (bytes === 0) return this.transfers.ping(id, now) ? '' : refused(reply, 410);
    const transfer = this.transfers.begin(id, 'down', bytes, now);
    if (!(transfer instanceof Transfer)) return refused(reply, STATUS_OF[transfer]);
    void reply.header('content-length', String(bytes));
    return transfer.noise(bytes);
  }

  /** Takes what is sent, counts it and keeps nothing of it. */
  @Post('transfers/:ticket/up')
  @RouteConfig({ takesStreamOf: LARGEST_TRANSFER })
  @SignedIn({ storesNothing: true })
  async up(
    @Param('ticket') ticket: string,
    @Query() { bytes }: TransferParameters,
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    if (!(request.body instanceof Readable)) throw new InputError('Send plain text.', [], 415);
    const id = this.#running(ticket, access);
    if (id === null) return refused(reply, 410);
    const transfer = this.transfers.begin(id, 'up', bytes, Date.now());
    if (!(transfer instanceof Transfer)) return refused(reply, STATUS_OF[transfer]);
    const came = await transfer.swallow(request.body, bytes).catch(() => null);
    // Whoever has gone away reads no answer.
    if (came === null) return '';
    void reply.code(200);
    return came > bytes ? refused(reply, 413) : '';
  }

  /** Leaves the place to whoever is next, as soon as the browser is done with it. */
  @Post('transfers/:ticket/end')
  @RouteConfig({ takesForm: true })
  @UseGuards(FormGuard, NoParametersGuard)
  @SignedIn({ storesNothing: true })
  end(
    @Param('ticket') ticket: string,
    @Body() _form: NoFields,
    @Current() { sessionId }: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    const read = sessionId === null ? null : readTicket(ticket, sessionId);
    if (read !== null) this.places.end(read.id);
    void reply.code(204);
    return '';
  }

  /** Number of the check whose ticket this is; null for a ticket of another session, or one whose time is over. */
  #running(ticket: string, { sessionId }: CurrentAccess): string | null {
    const read = sessionId === null ? null : readTicket(ticket, sessionId);
    const isOver = read === null || Date.now() - read.begunAt.getTime() > this.limits.seconds * 1000;
    return isOver ? null : read.id;
  }
}

/** An answer for the script alone, which reads nothing but the status and when to ask again. */
function refused(reply: FastifyReply, status: number): string {
  void reply.code(status);
  if (status === 429) void reply.header('retry-after', '1');
  return '';
}
