import { Body, Controller, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError } from '../../../common/errors.js';
import { FormPost, Submission } from '../../../web/form.js';
import { OptionalText, RequiredText } from '../../../web/form-fields.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { paths } from '../../../web/paths.js';
import { COMMAND_FIELDS } from '../../domain/lifecycle/command-fields.js';
import { inputIn } from '../api/custody-body.js';
import { ReceivingService } from '../receiving.service.js';
import { formFields } from './command-form.js';

/** A delivery as it is typed or scanned. */
class DeliveryForm {
  @RequiredText('Enter the machines, one a line', { longest: 60_000, lines: true })
  machines: string;

  @OptionalText({ longest: 128 })
  manufacturer?: string;

  @OptionalText({ longest: 256 })
  model?: string;

  @OptionalText({ longest: 200 })
  supplier?: string;

  @OptionalText({ longest: 64 })
  purchaseOrder?: string;

  @OptionalText({ longest: 200 })
  place?: string;

  @OptionalText({ longest: 20 })
  condition?: string;

  @OptionalText({ longest: 100 })
  reference?: string;

  @OptionalText({ longest: 2_000, lines: true })
  reason?: string;
}

/** Lines that are named beside the field; the first say enough. */
const MOST_SHOWN = 20;

/** Takes a delivery into stock. */
@Controller('stock/receive')
export class ReceivingPagesController {
  constructor(private readonly receiving: ReceivingService) {}

  @Page('')
  @Access('stock:write')
  @UseGuards(NoParametersGuard)
  form(): PageView {
    return pageView('devices/lifecycle/web/receive.njk', {
      title: 'Receive machines into stock',
      fields: formFields('receive').filter(({ name }) => name !== 'evidence'),
    });
  }

  @FormPost('', { form: 'form' })
  @Access('stock:write', { audit: 'device.received' })
  async receive(
    @Body() form: DeliveryForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    const { machines, manufacturer, model, supplier, purchaseOrder, ...said } = form;
    const names = new Set(COMMAND_FIELDS.receive.map(({ name }) => name));
    const input = inputIn('receive', Object.fromEntries(Object.entries(said).filter(([name]) => names.has(name))));
    const common = { manufacturer, model, supplier, purchaseOrder };
    const lines = machines
      .split('\n')
      .map((line) => line.split(/[,;\t]/).map((cell) => cell.trim()))
      .filter(([serialNumber]) => serialNumber)
      .map(([serialNumber, assetTag]) => ({ serialNumber, assetTag, ...common }));
    const outcome = await this.receiving.receive(
      { command: 'receive', lines, input, mode: 'all', idempotencyKey },
      access,
    );
    if (!outcome.done) {
      const refused = outcome.lines.filter(({ reason }) => reason !== null);
      const shown = refused.slice(0, MOST_SHOWN).map(({ line, reason }) => `Line ${line}: ${reason}`);
      const more = refused.length > MOST_SHOWN ? [`And ${refused.length - MOST_SHOWN} more lines.`] : [];
      throw new InputError(
        'Nothing was received.',
        [...shown, ...more].map((message) => ({ field: 'machines', message })),
      );
    }
    const [first] = outcome.lines;
    const single = outcome.lines.length === 1 && first?.deviceId ? paths.device(first.deviceId) : null;
    const count = outcome.lines.length;
    return redirectTo(single ?? paths.receiveStock(), `Received ${count} ${count === 1 ? 'machine' : 'machines'}.`);
  }
}
