import { Body, Controller, Inject, Param, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError } from '../../../common/errors.js';
import { FormPost, Submission } from '../../../web/form.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import type { CheckFigures } from '../../domain/check-assessment.js';
import { STATED_CONNECTIONS } from '../../domain/network-words.js';
import { CHECK_LIMITS, type CheckLimits } from '../check-limits.js';
import { readTicket, type CheckTicket } from '../check-ticket.js';
import { ConnectionChecksQueries } from '../connection-checks.queries.js';
import { ConnectionChecks, KEEP_WITHIN_MINUTES, KEPT_DAYS } from '../connection-checks.service.js';
import { CheckForm, NoFields } from './check-form.js';
import { CONNECTION_WORDS } from './check-words.js';
import { keptView, resultView } from './check.view.js';

/** Somebody’s own connection: the check, its result, and the results that they keep. */
@Controller('me/connection')
export class MyConnectionController {
  constructor(
    private readonly checks: ConnectionChecks,
    private readonly queries: ConnectionChecksQueries,
    @Inject(CHECK_LIMITS) private readonly limits: CheckLimits,
  ) {}

  @Page('')
  @SignedIn()
  @UseGuards(NoParametersGuard)
  async show(@Current() { personEntraId }: CurrentAccess): Promise<PageView> {
    const [kept, settings] = await Promise.all([this.queries.of(personEntraId), this.queries.settings()]);
    const now = new Date();
    return pageView('network/connection-check/web/my-connection.njk', {
      title: 'My connection',
      section: 'my-connection',
      keptDays: KEPT_DAYS,
      connections: STATED_CONNECTIONS.map((value) => ({ value, text: CONNECTION_WORDS[value] })),
      kept: kept.map((check) => keptView(check, settings, now)),
    });
  }

  /** Says what figures mean that were just measured. Nothing is stored. */
  @FormPost('result', { form: 'show' })
  @SignedIn({ storesNothing: true })
  async result(
    @Body() form: CheckForm,
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
  ): Promise<PageView> {
    ticketOf(form, access);
    const [found, settings] = await Promise.all([this.queries.placeOf(request.ip), this.queries.settings()]);
    const where = {
      found,
      connection: form.connection,
      shareKbps: (this.limits.bytesPerSecond * 8) / 1000,
    };
    return pageView('network/connection-check/web/connection-result.njk', {
      title: 'Your connection',
      section: 'my-connection',
      keptDays: KEPT_DAYS,
      minutes: KEEP_WITHIN_MINUTES,
      given: form,
      result: resultView(figuresOf(form), settings, where),
    });
  }

  @FormPost('keep', { form: 'show' })
  @SignedIn({ audit: 'connection-check.kept' })
  async keep(
    @Body() form: CheckForm,
    @Req() request: FastifyRequest,
    @Submission() key: string,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    const check = { ticket: ticketOf(form, access), connection: form.connection, figures: figuresOf(form) };
    await this.checks.keep(access, { ...check, address: request.ip }, key);
    return redirectTo(paths.myConnection(), 'The result is kept.');
  }

  @FormPost('checks/:id/delete', { form: 'show' })
  @SignedIn({ audit: 'connection-check.deleted' })
  async remove(
    @Param('id', RecordIdPipe) id: number,
    @Body() _form: NoFields,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.checks.remove(access, id);
    return redirectTo(paths.myConnection(), 'The result is deleted.');
  }

  @FormPost('checks/delete', { form: 'show' })
  @SignedIn({ audit: 'connection-check.deleted' })
  async removeAll(@Body() _form: NoFields, @Current() access: CurrentAccess): Promise<Redirect> {
    const count = await this.checks.removeAll(access);
    return redirectTo(paths.myConnection(), count === 1 ? 'The result is deleted.' : 'All results are deleted.');
  }
}

/** The ticket of the check that was measured. @throws InputError for one of another sign-in, or none */
function ticketOf({ ticket }: CheckForm, { sessionId }: CurrentAccess): CheckTicket {
  const read = sessionId === null ? null : readTicket(ticket, sessionId);
  if (read === null) throw new InputError('This result belongs to another sign-in. Check your connection again.');
  return read;
}

function figuresOf(form: CheckForm): CheckFigures {
  const { roundTripMs, jitterMs, lateRatio, downloadKbps, uploadKbps, loadedRoundTripMs = null, samples } = form;
  return { roundTripMs, jitterMs, lateRatio, downloadKbps, uploadKbps, loadedRoundTripMs, samples };
}
