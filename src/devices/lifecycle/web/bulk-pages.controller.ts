import { Body, Controller, Param, Query, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { IsArray, ArrayMaxSize, IsIn, IsOptional, Matches } from 'class-validator';
import { Transform } from 'class-transformer';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError } from '../../../common/errors.js';
import { FormPost, Submission } from '../../../web/form.js';
import { RequiredChoice } from '../../../web/form-fields.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { valuesOf } from '../../../web/submitted-form.js';
import { commandWords, CUSTODY_COMMANDS, type CustodyCommand } from '../../domain/lifecycle/commands.js';
import { MOST_MACHINES, readSelection } from '../../domain/lifecycle/selection.js';
import { permissionOf } from '../../domain/lifecycle/transitions.js';
import { inputIn } from '../api/custody-body.js';
import { BulkQueries } from '../bulk.queries.js';
import { BulkService, type BulkMode } from '../bulk.service.js';
import { CUSTODY_AUDIT_EVENTS } from '../custody-audit.js';
import { formFields, typedInput } from './command-form.js';

/** Which command, and the machines that were ticked in a list. */
class BulkParameters {
  @IsOptional()
  @IsIn(CUSTODY_COMMANDS, { message: 'choose a command' })
  command?: CustodyCommand;

  @IsOptional()
  @Transform(({ value }: { value: unknown }) => [value].flat())
  @IsArray()
  @ArrayMaxSize(MOST_MACHINES, { message: `choose at most ${MOST_MACHINES} machines` })
  @Matches(/^[1-9]\d{0,9}$/, { each: true, message: 'give the numbers of machines' })
  device?: string[];
}

/** What to do when some cannot be done. */
class ModeForm {
  @RequiredChoice('Choose what to do', ['rest', 'all'])
  mode: BulkMode;
}

/** One command on many machines: choose it, name the machines, look at what would happen, do it. */
@Controller('devices/bulk')
export class BulkPagesController {
  constructor(
    private readonly bulk: BulkService,
    private readonly bulkActions: BulkQueries,
  ) {}

  @Page('')
  @Access('custody:write')
  form(@Query() { command, device = [] }: BulkParameters, @Current() access: CurrentAccess): PageView {
    const allowed = CUSTODY_COMMANDS.filter((each) => access.permissions.has(permissionOf(each)));
    const chosen = command !== undefined && allowed.includes(command) ? command : null;
    return pageView('devices/lifecycle/web/bulk.njk', {
      title: chosen === null ? 'Many machines at once' : `${commandWords(chosen).label}: many machines`,
      commands: allowed.map((each) => ({ value: each, text: commandWords(each).label })),
      command: chosen,
      label: chosen === null ? '' : commandWords(chosen).label,
      fields: chosen === null ? [] : formFields(chosen),
      devices: device,
      machines: device.map((id) => `#${id}`).join('\n'),
      action: paths.bulkCustody(chosen ?? undefined),
    });
  }

  @FormPost('', { form: 'form' })
  @Access('custody:write', { audit: 'custody.bulk-checked' })
  async check(
    @Query() { command }: BulkParameters,
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    if (command === undefined) throw new InputError('Choose a command first.');
    const body = valuesOf(request);
    const { machines } = body;
    if (typeof machines !== 'string') {
      throw new InputError('Name the machines.', [{ field: 'machines', message: 'Name the machines, one a line' }]);
    }
    const input = inputIn(command, typedInput(command, body, ['machines']));
    const lines = readSelection(machines);
    const { id } = await this.bulk.check({ command, input, lines, idempotencyKey }, access);
    return redirectTo(paths.bulkAction(id));
  }

  @Page(':bulkId')
  @Access('custody:write')
  @UseGuards(NoParametersGuard)
  async show(@Param('bulkId', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<PageView> {
    const bulk = await this.bulkActions.one(id, access.actor);
    const done = bulk.state === 'done';
    return pageView('devices/lifecycle/web/bulk-action.njk', {
      title: `${bulk.label}: ${done ? 'what became of each machine' : 'what would happen'}`,
      bulk,
      done,
      // What was refused is looked at first.
      lines: [...bulk.lines].sort((a, b) => Number(b.outcome === 'refused') - Number(a.outcome === 'refused')),
    });
  }

  @FormPost(':bulkId', { form: 'show' })
  @Access('custody:write', { audit: ['custody.bulk-done', ...CUSTODY_AUDIT_EVENTS] })
  async carryOut(
    @Param('bulkId', RecordIdPipe) id: number,
    @Body() { mode }: ModeForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    const { counts } = await this.bulk.carryOut(id, mode, access);
    return redirectTo(paths.bulkAction(id), `${counts.done} done, ${counts.refused} refused.`);
  }
}
