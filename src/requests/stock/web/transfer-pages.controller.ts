import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError, NotFoundError } from '../../../common/errors.js';
import { shownTime } from '../../../common/uk-time.js';
import { FormPost, Submission } from '../../../web/form.js';
import { ListPages, ListQuery } from '../../../web/list-page.js';
import type { RawQuery } from '../../../web/list-request.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { MachineTransfersService } from '../machine-transfers.service.js';
import { PlacesQueries } from '../places.queries.js';
import { ProductsQueries } from '../products.queries.js';
import { scannedLines } from '../scanned-serials.js';
import { TransfersQueries, type StockTransferView } from '../transfers.queries.js';
import { TransfersService } from '../transfers.service.js';
import { ArrivalForm, devicesIn, LossForm, MachineTransferForm, numberIn, TransferForm } from './stock-forms.js';
import { choicesNamed, TRANSFER_LIST } from './stock-lists.js';

const MACHINE_STATE_WORDS = { sent: 'On its way', arrived: 'Arrived', lost: 'Lost' } as const;

/** Stock on its way from one place to another: sending, what arrived and what was lost. */
@Controller('stock/transfers')
export class TransferPagesController {
  constructor(
    private readonly lists: ListPages,
    private readonly queries: TransfersQueries,
    private readonly products: ProductsQueries,
    private readonly places: PlacesQueries,
    private readonly transfers: TransfersService,
    private readonly machines: MachineTransfersService,
  ) {}

  @Page('')
  @Access('requests:read')
  list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(
      TRANSFER_LIST,
      query,
      access,
      { page: ({ limit, cursor, ...filter }) => this.queries.page(filter, { limit, cursor }) },
      {
        template: 'requests/stock/web/transfers.njk',
        data: { writes: access.permissions.has('stock:write') },
      },
    );
  }

  @Page('new')
  @Access('stock:write')
  @UseGuards(NoParametersGuard)
  async newForm(): Promise<PageView> {
    const [products, places] = await Promise.all([this.products.names(false), this.places.names()]);
    return pageView('requests/stock/web/new-transfer.njk', {
      title: 'Send accessories to another place',
      products: choicesNamed(products),
      places: choicesNamed(places),
    });
  }

  @FormPost('new', { form: 'newForm' })
  @Access('stock:write', { audit: 'stock-transfer.sent' })
  @UseGuards(NoParametersGuard)
  async send(
    @Body() { tracking, ...form }: TransferForm,
    @Current() access: CurrentAccess,
    @Submission() key: string,
  ): Promise<Redirect> {
    const { id } = await this.transfers.send({ ...form, tracking: tracking ?? null }, key, access.actor);
    return redirectTo(paths.stockTransfer(id), 'The transfer is on its way.');
  }

  @Page('machines')
  @Access('stock:write')
  @UseGuards(NoParametersGuard)
  async machinesForm(): Promise<PageView> {
    return pageView('requests/stock/web/new-machine-transfer.njk', {
      title: 'Send machines to another place',
      places: choicesNamed(await this.places.names()),
    });
  }

  @FormPost('machines', { form: 'machinesForm' })
  @Access('stock:write', { audit: 'stock-transfer.sent' })
  @UseGuards(NoParametersGuard)
  async sendMachines(
    @Body() { serials, toPlaceId, tracking }: MachineTransferForm,
    @Current() access: CurrentAccess,
    @Submission() key: string,
  ): Promise<Redirect> {
    const scanned = await this.queries.scanned(scannedLines(serials));
    const unknown = scanned.filter(({ deviceId }) => deviceId === null);
    if (unknown.length > 0) {
      const named = unknown.slice(0, 10).map(({ text }) => text);
      const message = `No machine has this serial number: ${named.join(', ')}`;
      throw new InputError('Nothing was sent.', [{ field: 'serials', message }]);
    }
    const deviceIds = scanned.flatMap(({ deviceId }) => (deviceId === null ? [] : [deviceId]));
    const input = { deviceIds, toPlaceId, tracking: tracking ?? null };
    const { transferIds } = await this.#atSerials(this.machines.send(input, key, access));
    const [only, ...more] = transferIds;
    return only !== undefined && more.length === 0
      ? redirectTo(paths.stockTransfer(only), 'The machines are on their way.')
      : redirectTo(
          `${paths.stockTransfers()}?open=true`,
          `The machines are on their way, in ${transferIds.length} transfers.`,
        );
  }

  @Page(':id')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  async one(@Param('id', RecordIdPipe) id: number, @Current() { permissions }: CurrentAccess): Promise<PageView> {
    const transfer = await this.queries.one(id);
    if (transfer === null) throw new NotFoundError('There is no such transfer.');
    const machines = transfer.serialised ? await this.queries.machines(id) : [];
    return pageView('requests/stock/web/transfer.njk', {
      title: `Transfer ${id}: ${transfer.product}`,
      transfer,
      facts: factsOf(transfer),
      machines: machines.map((machine) => ({ ...machine, words: MACHINE_STATE_WORDS[machine.state] })),
      onTheWay: machines
        .filter(({ state }) => state === 'sent')
        .map(({ deviceId, label, serialNumber }) => ({
          value: String(deviceId),
          text: serialNumber === null ? label : `${label}, ${serialNumber}`,
        })),
      writes: permissions.has('stock:write') && transfer.open > 0,
    });
  }

  @FormPost(':id/arrival', { form: 'one' })
  @Access('stock:write', { audit: 'stock-transfer.arrived' })
  @UseGuards(NoParametersGuard)
  async arrive(
    @Param('id', RecordIdPipe) id: number,
    @Body() { arrived, arrivedMachine, version }: ArrivalForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    if ((await this.#transfer(id)).serialised) {
      await this.machines.arrive(id, devicesIn(arrivedMachine, 'arrivedMachine'), version, access);
    } else {
      await this.transfers.arrive(id, numberIn(arrived, 'arrived'), version, access.actor);
    }
    return redirectTo(paths.stockTransfer(id), 'What arrived is in stock at the place.');
  }

  @FormPost(':id/loss', { form: 'one' })
  @Access('stock:write', { audit: 'stock-transfer.lost' })
  @UseGuards(NoParametersGuard)
  async lose(
    @Param('id', RecordIdPipe) id: number,
    @Body() { lost, lostMachine, reason, version }: LossForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    if ((await this.#transfer(id)).serialised) {
      await this.machines.lose(id, devicesIn(lostMachine, 'lostMachine'), reason, version, access);
      return redirectTo(paths.stockTransfer(id), 'It is recorded. Say of each machine what became of it.');
    }
    await this.transfers.lose(id, numberIn(lost, 'lost'), reason, version, access.actor);
    return redirectTo(paths.stockTransfer(id), 'The loss is recorded.');
  }

  async #transfer(id: number): Promise<StockTransferView> {
    const transfer = await this.queries.one(id);
    if (transfer === null) throw new NotFoundError('There is no such transfer.');
    return transfer;
  }

  /** What is wrong with machines stands beside the field in which they were scanned. */
  async #atSerials<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(
        error.message,
        error.fields.map(({ field, message }) => ({ field: field === 'deviceIds' ? 'serials' : field, message })),
      );
    }
  }
}

function factsOf(transfer: StockTransferView): object[] {
  const { fromPlace, toPlace, quantity, arrived, lost, open, lostReason, tracking, sentAt, endedAt } = transfer;
  const now = new Date();
  return [
    { label: 'From', value: fromPlace },
    { label: 'To', value: toPlace },
    { label: 'Sent', value: quantity, note: shownTime(sentAt, now)?.text },
    { label: 'Arrived', value: arrived },
    { label: 'Lost', value: lost, ...(lostReason === null ? {} : { note: lostReason }) },
    {
      label: 'On the way',
      value: open,
      ...(endedAt === null ? {} : { note: `Ended ${shownTime(endedAt, now)?.text ?? ''}` }),
    },
    { label: 'Tracking number', value: tracking ?? 'None' },
  ];
}
