import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { FormPost, Submission } from '../../../web/form.js';
import { RequiredChoice, RequiredId, RequiredText } from '../../../web/form-fields.js';
import { ListPages, ListQuery } from '../../../web/list-page.js';
import type { RawQuery } from '../../../web/list-request.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { PlacesQueries } from '../../stock/places.queries.js';
import { HandoverService, LONGEST_TRACKING } from '../handover.service.js';
import { PicksQueries } from '../picks.queries.js';
import { CONDITION_WORDS, CONDITIONS, ReceiptService, type Condition } from '../receipt.service.js';
import { amount, PICK_LIST, pickTag } from './fulfilment-lists.js';
import { pickFacts } from './pick.view.js';

/** The version that was looked at. */
class VersionForm {
  @RequiredText('Load the page again', { longest: 20 })
  version: string;
}

class DispatchForm extends VersionForm {
  @RequiredText('Enter the carrier’s number', { longest: LONGEST_TRACKING })
  tracking: string;
}

class BringBackForm extends VersionForm {
  @RequiredChoice('Choose its condition', CONDITIONS)
  condition: Condition;

  @RequiredId('Choose a place')
  placeId: number;
}

/** What was picked: all of it, and one pick with what can be done with it. */
@Controller('stock/picks')
export class PicksPagesController {
  constructor(
    private readonly lists: ListPages,
    private readonly queries: PicksQueries,
    private readonly places: PlacesQueries,
    private readonly handover: HandoverService,
    private readonly receipts: ReceiptService,
  ) {}

  @Page('')
  @Access('requests:read')
  list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(
      PICK_LIST,
      query,
      access,
      {
        page: ({ limit, cursor, ...filter }) => this.queries.page(filter, { limit, cursor }),
        count: (filter) => this.queries.count(filter),
      },
      { template: 'requests/fulfilment/web/picks.njk' },
    );
  }

  @Page(':id')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  async show(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<PageView> {
    const pick = await this.queries.one(id);
    if (pick === null) throw new NotFoundError('There is nothing that was picked under this number.');
    const [mayStock, mayHand] = [access.permissions.has('stock:write'), access.permissions.has('custody:write')];
    const isOnTheWay = pick.state === 'picked' || pick.state === 'dispatched';
    const isGiven = pick.state === 'handed_over' || pick.state === 'received';
    const places = isGiven && mayHand ? await this.places.names() : [];
    return pageView('requests/fulfilment/web/pick.njk', {
      title: `Pick ${id}: ${amount(pick)}`,
      section: 'stock-picks',
      id,
      version: pick.version,
      tag: pickTag(pick.state),
      facts: pickFacts(pick, new Date()),
      canHandOver: isOnTheWay && mayHand,
      canDispatch: pick.state === 'picked' && mayStock,
      canPutBack: isOnTheWay && mayStock,
      canBringBack: isGiven && mayHand,
      isSent: pick.state === 'dispatched',
      isMachine: pick.machine !== null,
      places: [{ value: '', text: 'Choose a place' }, ...places.map((each) => ({ value: each.id, text: each.name }))],
      conditions: CONDITIONS.map((value) => ({ value, text: CONDITION_WORDS[value] })),
    });
  }

  @FormPost(':id/put-back', { form: 'show' })
  @Access('stock:write', { audit: ['request.put-back', 'device.released'] })
  @UseGuards(NoParametersGuard)
  async putBack(
    @Param('id', RecordIdPipe) pickId: number,
    @Body() { version }: VersionForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    await this.handover.putBack({ pickId, version, idempotencyKey }, access);
    return redirectTo(paths.pick(pickId), 'It is back on its shelf.');
  }

  @FormPost(':id/dispatch', { form: 'show' })
  @Access('stock:write', { audit: 'request.dispatched' })
  @UseGuards(NoParametersGuard)
  async dispatch(
    @Param('id', RecordIdPipe) pickId: number,
    @Body() { version, tracking }: DispatchForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    await this.handover.dispatch({ pickId, version, tracking, idempotencyKey }, access);
    return redirectTo(paths.pick(pickId), 'It is noted as sent.');
  }

  @FormPost(':id/hand-over', { form: 'show' })
  @Access('custody:write', { audit: ['request.handed-over', 'device.handed-over', 'device.recalled'] })
  @UseGuards(NoParametersGuard)
  async handOver(
    @Param('id', RecordIdPipe) pickId: number,
    @Body() { version }: VersionForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    await this.handover.handOver({ pickId, version, idempotencyKey }, access);
    return redirectTo(paths.pick(pickId), 'The hand-over is recorded.');
  }

  @FormPost(':id/bring-back', { form: 'show' })
  @Access('custody:write', { audit: ['request.brought-back', 'device.taken-back'] })
  @UseGuards(NoParametersGuard)
  async bringBack(
    @Param('id', RecordIdPipe) pickId: number,
    @Body() { version, condition, placeId }: BringBackForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    await this.receipts.bringBack({ pickId, version, condition, placeId, idempotencyKey }, access);
    return redirectTo(paths.pick(pickId), 'Its return is recorded.');
  }
}
