import type { DataSource } from 'typeorm';
import { Transactor } from '../../src/database/transactor.js';
import { CountsService } from '../../src/requests/stock/counts.service.js';
import { LevelsService } from '../../src/requests/stock/levels.service.js';
import { MachineTransfersService } from '../../src/requests/stock/machine-transfers.service.js';
import { TransfersService } from '../../src/requests/stock/transfers.service.js';
import { actorWith } from './custody-fixture.js';
import { insertPlace, insertProduct, stockUp } from './stock-fixture.js';

/** Records that pages of stock show. */
export interface StockPageRecords {
  readonly product: number;
  readonly bundle: number;
  readonly stockPlace: number;
  readonly stockLevel: number;
  readonly stockTransfer: number;
  readonly machineTransfer: number;
  readonly stockCount: number;
}

type Address = (records: StockPageRecords) => string;

/** Pages of catalogue and stock by their routes, as `PAGES` has them. */
export const STOCK_PAGES: Readonly<Record<string, readonly Address[]>> = {
  '/stock': [() => '/stock', () => '/stock?low=true', () => '/stock?placeId=somewhere'],
  '/stock/levels/new': [() => '/stock/levels/new'],
  '/stock/levels/:id': [({ stockLevel }) => `/stock/levels/${stockLevel}`],
  '/stock/movements': [
    () => '/stock/movements',
    ({ product }) => `/stock/movements?productId=${product}&kind=received`,
    () => '/stock/movements?from=31/2/2026',
  ],
  '/stock/products': [() => '/stock/products', () => '/stock/products?kind=laptop&offered=true'],
  '/stock/products/new': [() => '/stock/products/new'],
  '/stock/products/:id': [({ product }) => `/stock/products/${product}`, () => '/stock/products/2000000'],
  '/stock/bundles': [() => '/stock/bundles'],
  '/stock/bundles/new': [() => '/stock/bundles/new'],
  '/stock/bundles/:id': [({ bundle }) => `/stock/bundles/${bundle}`],
  '/stock/places': [() => '/stock/places'],
  '/stock/places/new': [() => '/stock/places/new'],
  '/stock/places/:id': [({ stockPlace }) => `/stock/places/${stockPlace}`],
  '/stock/transfers': [() => '/stock/transfers', () => '/stock/transfers?open=true'],
  '/stock/transfers/new': [() => '/stock/transfers/new'],
  '/stock/transfers/machines': [() => '/stock/transfers/machines'],
  '/stock/transfers/:id': [
    ({ stockTransfer }) => `/stock/transfers/${stockTransfer}`,
    ({ machineTransfer }) => `/stock/transfers/${machineTransfer}`,
  ],
  '/stock/counts': [() => '/stock/counts', () => '/stock/counts?open=true'],
  '/stock/counts/new': [() => '/stock/counts/new'],
  '/stock/counts/:id': [({ stockCount }) => `/stock/counts/${stockCount}`],
};

/** Two places with stock, some of it on its way, and a count in which machines are missed and others turn up. */
export async function insertStock(dataSource: DataSource): Promise<StockPageRecords> {
  const transactor = new Transactor(dataSource);
  const by = actorWith(1);
  const stockPlace = await insertPlace(dataSource, 'Counted stores');
  const depot = await insertPlace(dataSource, 'Counted depot');
  const product = await insertProduct(dataSource, 'Counted dock');
  await insertProduct(dataSource, 'Counted laptop', { model: 'Maker Model' });
  const machines = await dataSource.query<{ id: number }[]>(
    `insert into device (serial_number, manufacturer, model)
     select 'STOCKED00' || n, 'Maker', 'Model' from generate_series(1, 4) as n returning id`,
  );
  await dataSource.query(
    `insert into device_record (source, external_id, device_id, resolution_pending, serial_number, manufacturer)
     select 'managed-devices', 'stocked-' || id, id, false, serial_number, manufacturer from device where id = any($1)`,
    [machines.map(({ id }) => id)],
  );
  await dataSource.query(
    `insert into device_custody (device_id, recorded_for, state, substate, place)
     select id, id, 'in_stock', 'available', 'Counted stores' from unnest($1::integer[]) as id`,
    [machines.map(({ id }) => id)],
  );
  await stockUp(dataSource, product, stockPlace, 12);
  const [bundle] = await dataSource.query<{ id: number }[]>(
    `with bundle as (insert into bundle (name, changed_by) values ('Counted bundle', 'system:test') returning id)
     insert into bundle_line (bundle_id, product_id, quantity) select id, $1, 2 from bundle returning bundle_id as id`,
    [product],
  );
  const level = await new LevelsService(transactor).watch(
    { productId: product, placeId: stockPlace, threshold: 20 },
    null,
    by.actor,
  );
  const transfer = await new TransfersService(transactor).send(
    { productId: product, fromPlaceId: stockPlace, toPlaceId: depot, quantity: 3, tracking: 'JD0002' },
    null,
    by.actor,
  );
  const sent = await new MachineTransfersService(transactor).send(
    { deviceIds: machines.slice(0, 1).map(({ id }) => id), toPlaceId: depot, tracking: null },
    null,
    by,
  );
  const counts = new CountsService(transactor);
  const count = await counts.open(stockPlace, null, by.actor);
  await counts.scan(count.id, ['STOCKED002', 'SN00000000001', 'ZZ99999999'], by.actor);
  return {
    product,
    bundle: bundle?.id ?? 0,
    stockPlace,
    stockLevel: level.id,
    stockTransfer: transfer.id,
    machineTransfer: sent.transferIds[0] ?? 0,
    stockCount: count.id,
  };
}
