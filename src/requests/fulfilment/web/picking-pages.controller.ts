import { Body, Controller, Param, Query, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { shownDay, shownTime } from '../../../common/uk-time.js';
import { FormPost, Submission } from '../../../web/form.js';
import { OptionalText, OptionalWhole } from '../../../web/form-fields.js';
import { ListPages, ListQuery } from '../../../web/list-page.js';
import type { RawQuery } from '../../../web/list-request.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { DayField } from '../../../web/query-fields.js';
import { PickingQueries, type ToPick } from '../picking.queries.js';
import { PickingService } from '../picking.service.js';
import { amount, destination, TO_PICK_LIST } from './fulfilment-lists.js';

/** Up to which day a pick list goes. */
class SheetParameters {
  @DayField('Needed by this day or before, and whatever nobody gave a day for.')
  neededUntil?: string;
}

/** What is taken from the shelf: a serial number, or how many. */
class PickForm {
  @OptionalText({ longest: 200 })
  serial?: string;

  @OptionalWhole(1, 50)
  quantity?: number;
}

/** What is to be picked: for all places, for one place on paper, and one reservation with a field to scan into. */
@Controller('stock/picking')
export class PickingPagesController {
  constructor(
    private readonly lists: ListPages,
    private readonly queries: PickingQueries,
    private readonly picking: PickingService,
  ) {}

  @Page('')
  @Access('requests:read')
  async list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(
      TO_PICK_LIST,
      query,
      access,
      {
        page: ({ limit, cursor, ...filter }) => this.queries.page(filter, { limit, cursor }),
        count: (filter) => this.queries.count(filter),
      },
      { template: 'requests/fulfilment/web/picking.njk', data: { places: await this.queries.places() } },
    );
  }

  @Page('places/:id')
  @Access('requests:read')
  async sheet(@Param('id', RecordIdPipe) id: number, @Query() { neededUntil }: SheetParameters): Promise<PageView> {
    const place = await this.queries.placeNamed(id);
    if (place === null) throw new NotFoundError('There is no such place of stock.');
    const now = new Date();
    return pageView('requests/fulfilment/web/pick-sheet.njk', {
      title: `Pick list of ${place}`,
      section: 'stock-picking',
      id,
      neededUntil: neededUntil ?? '',
      until: neededUntil === undefined ? null : shownDay(neededUntil),
      printedAt: shownTime(now.toISOString(), now),
      groups: groupsOf(await this.queries.sheet(id, neededUntil)),
    });
  }

  @Page(':id')
  @Access('stock:write')
  @UseGuards(NoParametersGuard)
  async form(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const line = await this.queries.one(id);
    if (line === null) {
      throw new NotFoundError(
        'It is not reserved any more: the request was cancelled or changed, or all of it is picked. Look at the list again.',
      );
    }
    const now = new Date();
    return pageView('requests/fulfilment/web/pick-form.njk', {
      title: `Pick ${amount(line)}`,
      section: 'stock-picking',
      id,
      line,
      facts: [
        { label: 'For', value: line.person.displayName ?? 'Somebody who is not in the directory' },
        { label: 'Request', value: `Request ${line.requestId}`, link: paths.request(line.requestId) },
        { label: 'From', value: line.place.name },
        { label: 'Goes to', value: destination(line) },
        ...(line.neededBy === null ? [] : [{ label: 'Needed by', value: shownDay(line.neededBy) }]),
        { label: 'Reserved until', value: shownTime(line.expiresAt, now)?.text ?? '', note: 'unless picking begins' },
      ],
    });
  }

  @FormPost(':id', { form: 'form' })
  @Access('stock:write', { audit: ['request.picked', 'device.allocated'] })
  @UseGuards(NoParametersGuard)
  async pick(
    @Param('id', RecordIdPipe) reservationId: number,
    @Body() { serial, quantity }: PickForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    const before = await this.queries.one(reservationId);
    const order = { reservationId, serial: serial ?? null, quantity: quantity ?? null, idempotencyKey };
    const { pickId } = await this.picking.pick(order, access);
    const isMore = (await this.queries.one(reservationId)) !== null;
    if (isMore) return redirectTo(paths.pickFrom(reservationId), `Pick ${pickId} is noted. Pick the next one.`);
    return redirectTo(
      before === null ? paths.pick(pickId) : paths.pickSheet(before.place.id),
      `Pick ${pickId} is noted: it is ready to be handed over or sent.`,
    );
  }
}

interface SheetGroup {
  readonly title: string;
  readonly lines: readonly {
    readonly person: string;
    readonly text: string;
    readonly line: ToPick;
    readonly neededBy: string | null;
  }[];
}

/** What goes to one place, together. */
function groupsOf(lines: readonly ToPick[]): SheetGroup[] {
  const groups = new Map<string, SheetGroup['lines'][number][]>();
  for (const line of lines) {
    const title = destination(line);
    groups.set(title, [
      ...(groups.get(title) ?? []),
      {
        line,
        text: amount(line),
        person: line.person.displayName ?? 'Without a name',
        neededBy: line.neededBy === null ? null : shownDay(line.neededBy),
      },
    ]);
  }
  return [...groups].map(([title, of]) => ({ title, lines: of }));
}
