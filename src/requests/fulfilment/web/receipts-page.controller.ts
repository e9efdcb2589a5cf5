import { Body, Controller, UseGuards } from '@nestjs/common';
import { SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { shownTime } from '../../../common/uk-time.js';
import { FormPost, Submission } from '../../../web/form.js';
import { RequiredId, RequiredText } from '../../../web/form-fields.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { paths } from '../../../web/paths.js';
import { PicksQueries } from '../picks.queries.js';
import { ReceiptService } from '../receipt.service.js';
import { amount, pickTag } from './fulfilment-lists.js';

class ConfirmForm {
  @RequiredId('Load the page again')
  pickId: number;

  @RequiredText('Load the page again', { longest: 20 })
  version: string;
}

/** What somebody was given, or is on its way to them, and has not confirmed. */
@Controller('requests/to-confirm')
export class ReceiptsPageController {
  constructor(
    private readonly queries: PicksQueries,
    private readonly receipts: ReceiptService,
  ) {}

  @Page('')
  @SignedIn()
  @UseGuards(NoParametersGuard)
  async show(@Current() { personEntraId }: CurrentAccess): Promise<PageView> {
    const now = new Date();
    const picks = personEntraId === null ? [] : await this.queries.toConfirm(personEntraId);
    return pageView('requests/fulfilment/web/receipts.njk', {
      title: 'Confirm what you have',
      section: 'my-requests',
      items: picks.map((pick) => ({
        id: pick.id,
        version: pick.version,
        text: amount(pick),
        serialNumber: pick.machine?.serialNumber ?? null,
        tag: pickTag(pick.state),
        isSent: pick.state === 'dispatched',
        tracking: pick.tracking,
        at: shownTime(pick.handedOverAt ?? pick.dispatchedAt, now),
      })),
    });
  }

  @FormPost('', { form: 'show' })
  @SignedIn({ audit: ['request.received', 'request.closed', 'device.handed-over', 'device.recalled'] })
  @UseGuards(NoParametersGuard)
  async confirm(
    @Body() { pickId, version }: ConfirmForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    await this.receipts.confirm({ pickId, version, idempotencyKey }, access);
    return redirectTo(paths.toConfirm(), 'Thank you. It is recorded that you have it.');
  }
}
