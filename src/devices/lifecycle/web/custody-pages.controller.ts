import { Body, Controller, Param, Query, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError, NotFoundError } from '../../../common/errors.js';
import { shownTime } from '../../../common/uk-time.js';
import { FormPost, Submission } from '../../../web/form.js';
import { RequiredId } from '../../../web/form-fields.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { valuesOf } from '../../../web/submitted-form.js';
import { PageParameters } from '../../../web/query-fields.js';
import { ReasonBody } from '../../../web/reason.parameters.js';
import { commandWords } from '../../domain/lifecycle/commands.js';
import { permissionOf } from '../../domain/lifecycle/transitions.js';
import { commandNamed, inputIn } from '../api/custody-body.js';
import { ContradictionService } from '../contradiction.service.js';
import { CUSTODY_AUDIT_EVENTS } from '../custody-audit.js';
import { CustodyService } from '../custody.service.js';
import { CustodyQueries, type DeviceCustodyView } from '../custody.queries.js';
import { DeviceTitleQueries } from '../device-title.queries.js';
import { formFields, typedInput } from './command-form.js';

/** Which of several custodies is right, from the form. */
class SettlementForm extends ReasonBody {
  @RequiredId('Choose the custody that is right')
  custodyId: number;
}

/** A form for every command on a machine, its history, and the question of two custodies. */
@Controller('devices/:id')
export class CustodyPagesController {
  constructor(
    private readonly custody: CustodyService,
    private readonly contradictions: ContradictionService,
    private readonly queries: CustodyQueries,
    private readonly titles: DeviceTitleQueries,
  ) {}

  @Page('custody')
  @Access('estate:read')
  async history(
    @Param('id', RecordIdPipe) id: number,
    @Query() parameters: PageParameters,
    @Current() access: CurrentAccess,
  ): Promise<PageView> {
    const now = new Date();
    const machine = await this.#machine(id, access);
    const steps = await this.queries.history(id, parameters);
    return pageView('devices/lifecycle/web/history.njk', {
      ...machine,
      title: `History of ${machine.name}`,
      steps: steps.items.map((step) => ({ ...step, shownAt: shownTime(step.at, now) })),
      next: steps.next === null ? null : paths.deviceHistory(id, steps.next),
    });
  }

  @Page('settle')
  @Access('custody:write')
  @UseGuards(NoParametersGuard)
  async settleForm(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<PageView> {
    const machine = await this.#machine(id, access);
    return pageView('devices/lifecycle/web/settle.njk', {
      ...machine,
      title: `Which custody of ${machine.name} is right?`,
    });
  }

  @FormPost('settle', { form: 'settleForm' })
  @Access('custody:write', { audit: 'device.custody-settled' })
  async settle(
    @Param('id', RecordIdPipe) deviceId: number,
    @Body() { custodyId, reason }: SettlementForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.contradictions.settle({ deviceId, custodyId, reason }, access);
    return redirectTo(paths.device(deviceId), 'Settled.');
  }

  @Page(':command')
  @Access('custody:write')
  @UseGuards(NoParametersGuard)
  async form(
    @Param('id', RecordIdPipe) id: number,
    @Param('command') word: string,
    @Current() access: CurrentAccess,
  ): Promise<PageView> {
    const command = commandNamed(word);
    const machine = await this.#machine(id, access);
    const { label } = commandWords(command);
    return pageView('devices/lifecycle/web/command.njk', {
      ...machine,
      title: `${label}: ${machine.name}`,
      label,
      command,
      allowed: access.permissions.has(permissionOf(command)),
      possible: machine.custody.commands.some((each) => each.command === command),
      fields: formFields(command),
    });
  }

  @FormPost(':command', { form: 'form' })
  @Access('custody:write', { audit: CUSTODY_AUDIT_EVENTS })
  async carryOut(
    @Param('id', RecordIdPipe) deviceId: number,
    @Param('command') word: string,
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    const command = commandNamed(word);
    const body = valuesOf(request);
    const { version } = body;
    if (typeof version !== 'string' || !/^(0|[1-9]\d{0,17})$/.test(version)) {
      throw new InputError('The form came without its version. Load the page again and send it once more.');
    }
    const input = inputIn(command, typedInput(command, body, ['version']));
    await this.custody.carryOut({ deviceId, command, input, version, idempotencyKey }, access);
    return redirectTo(paths.device(deviceId), `${commandWords(command).done}.`);
  }

  async #machine(
    id: number,
    access: CurrentAccess,
  ): Promise<{ id: number; name: string; custody: DeviceCustodyView; since: object | null }> {
    const [custody, name] = await Promise.all([this.queries.ofDevice(id, access.permissions), this.titles.of(id)]);
    if (custody === null || name === null) throw new NotFoundError('There is no such device.');
    return { id, name, custody, since: shownTime(custody.since, new Date()) };
  }
}
