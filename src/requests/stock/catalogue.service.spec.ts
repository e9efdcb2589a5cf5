import { insertMachines, place as standAt } from '../../../test/support/custody-fixture.js';
import { auditedAs } from '../../../test/support/audit.js';
import {
  emptyStock,
  insertPlace,
  insertProduct,
  levelOf,
  promise,
  stockUp,
} from '../../../test/support/stock-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { ConflictError, InputError, NotFoundError } from '../../common/errors.js';
import { ChangedMeanwhileError } from '../../database/record-version.js';
import { Transactor } from '../../database/transactor.js';
import { BundlesQueries } from './bundles.queries.js';
import { BundlesService } from './bundles.service.js';
import { availabilityOf, LevelsQueries } from './levels.queries.js';
import { LevelsService } from './levels.service.js';
import { PlacesQueries } from './places.queries.js';
import { PlacesService } from './places.service.js';
import { ProductsQueries } from './products.queries.js';
import { ProductsService, type ProductInput } from './products.service.js';

const ACTOR = 'person:administrator';
const LAPTOP: ProductInput = {
  name: 'Standard laptop',
  kind: 'laptop',
  description: null,
  serialised: true,
  pricePence: 90_000,
  mostEach: 1,
  reasonNeeded: false,
  replacesKind: true,
  offered: true,
  models: [' HP EliteBook 840 G8 ', 'hp elitebook 840 g8', 'HP EliteBook 840 G9'],
  alternatives: [],
};
const HEADSET: ProductInput = {
  ...LAPTOP,
  name: 'Headset',
  kind: 'headset',
  serialised: false,
  mostEach: null,
  replacesKind: false,
  models: [],
};

let database: TestDatabase;
let dataSource: TestDatabase['dataSource'];
let products: ProductsService;
let bundles: BundlesService;
let places: PlacesService;
let levels: LevelsService;
let read: { products: ProductsQueries; bundles: BundlesQueries; places: PlacesQueries; levels: LevelsQueries };

beforeAll(async () => {
  database = await createTestDatabase({ connections: 12 });
  dataSource = database.dataSource;
  const transactor = new Transactor(dataSource);
  products = new ProductsService(transactor);
  bundles = new BundlesService(transactor);
  places = new PlacesService(transactor);
  levels = new LevelsService(transactor);
  read = {
    products: new ProductsQueries(dataSource),
    bundles: new BundlesQueries(dataSource),
    places: new PlacesQueries(dataSource),
    levels: new LevelsQueries(dataSource),
  };
});
beforeEach(async () => {
  await emptyStock(dataSource);
});
afterAll(() => database?.drop());

const outcomes = async (work: readonly Promise<unknown>[]): Promise<string[]> =>
  (await Promise.allSettled(work))
    .map((result) => (result.status === 'fulfilled' ? 'done' : (result.reason as Error).constructor.name))
    .sort();
const versionOf = async (id: number): Promise<string> => (await read.products.one(id))?.version ?? '';

describe('products', () => {
  it('take the machines of their models into stock, once, and let them go with their models', async () => {
    const stores = await insertPlace(dataSource, 'stores');
    await standAt(dataSource, await insertMachines(dataSource, 3), 'in_stock:available');
    expect(await read.products.modelsWithoutProduct()).toEqual([{ name: 'HP EliteBook 840 G8', machines: 3 }]);

    let id = 0;
    const added = await auditedAs(dataSource, 'product.added', async () => {
      ({ id } = await products.add(LAPTOP, 'key', ACTOR));
    });
    expect(added).toMatchObject({ actor: ACTOR, subject: `product:${id}` });
    expect(await products.add(LAPTOP, 'key', ACTOR)).toEqual({ id });
    expect(await read.products.one(id)).toMatchObject({
      models: ['hp elitebook 840 g8', 'hp elitebook 840 g9'],
      onHand: 3,
      reserved: 0,
    });
    expect(await read.products.modelsWithoutProduct()).toEqual([]);

    const version = await versionOf(id);
    await auditedAs(dataSource, 'product.changed', () =>
      products.change(id, { ...LAPTOP, models: ['hp elitebook 840 g9'] }, version, ACTOR),
    );
    expect(await levelOf(dataSource, id, stores)).toEqual({ onHand: 0, reserved: 0 });
    await expect(products.change(id, LAPTOP, version, ACTOR)).rejects.toThrow(ChangedMeanwhileError);
    await products.change(id, LAPTOP, await versionOf(id), ACTOR);
    await promise(dataSource, id, stores, 1);
    await expect(products.change(id, { ...LAPTOP, models: [] }, await versionOf(id), ACTOR)).rejects.toThrow(
      'promised to requests',
    );
    expect(await levelOf(dataSource, id, stores)).toEqual({ onHand: 3, reserved: 1 });
  });

  it('have names and models of their own, and are counted one way for good', async () => {
    const { id } = await products.add(LAPTOP, null, ACTOR);
    await expect(products.add({ ...LAPTOP, name: 'STANDARD laptop', models: [] }, null, ACTOR)).rejects.toThrow(
      'of this name',
    );
    await expect(products.add({ ...LAPTOP, name: 'Other' }, null, ACTOR)).rejects.toThrow('another product’s');
    await expect(products.add({ ...HEADSET, models: ['a b'] }, null, ACTOR)).rejects.toThrow(InputError);
    await expect(products.change(9_999, LAPTOP, '1', ACTOR)).rejects.toThrow(NotFoundError);
    await products.change(id, { ...LAPTOP, serialised: false, models: [] }, await versionOf(id), ACTOR);
    await stockUp(dataSource, id, await insertPlace(dataSource, 'Stores'), 1);
    await expect(products.change(id, LAPTOP, await versionOf(id), ACTOR)).rejects.toThrow('counted as before');
  });

  it('have alternatives, which are other products', async () => {
    const { id: other } = await products.add(HEADSET, null, ACTOR);
    const { id } = await products.add(
      { ...LAPTOP, alternatives: [{ productId: other, note: 'Works with hearing aids' }] },
      null,
      ACTOR,
    );
    expect((await read.products.one(id))?.alternatives).toEqual([
      { productId: other, name: 'Headset', note: 'Works with hearing aids' },
    ]);
    const change = async (productId: number): Promise<void> =>
      products.change(id, { ...LAPTOP, alternatives: [{ productId, note: null }] }, await versionOf(id), ACTOR);
    await expect(change(id)).rejects.toThrow('no alternative to itself');
    await expect(change(9_999)).rejects.toThrow(ConflictError);
  });

  it('take a machine into stock once, however many look at the same moment', async () => {
    const stores = await insertPlace(dataSource, 'Stores');
    await standAt(dataSource, await insertMachines(dataSource, 4), 'in_stock:available');
    const add = (model: string): Promise<unknown> =>
      products.add({ ...LAPTOP, name: model, models: [model] }, null, ACTOR);
    await Promise.all([
      add('HP EliteBook 840 G8'),
      places.add('Annexe', null, ACTOR),
      places.add('Depot', null, ACTOR),
      add('HP EliteBook 840 G9'),
    ]);
    const [{ count } = { count: -1 }] = await dataSource.query<{ count: number }[]>(
      `select count(*)::integer as count from stock_movement where kind = 'machine_in' and place_id = $1`,
      [stores],
    );
    expect(count).toBe(4);
  });
});

describe('bundles', () => {
  it('hold products of the catalogue, each once', async () => {
    const headset = await insertProduct(dataSource, 'Headset', { pricePence: 4_500 });
    const bundle = {
      name: 'Home worker',
      workStyle: 'home' as const,
      description: null,
      offered: true,
      lines: [{ productId: headset, quantity: 2 }],
    };
    let id = 0;
    await auditedAs(dataSource, 'bundle.added', async () => {
      ({ id } = await bundles.add(bundle, null, ACTOR));
    });
    expect(await read.bundles.one(id)).toMatchObject({ pricePence: 9_000, workStyle: 'home' });
    const version = (await read.bundles.one(id))?.version ?? '';
    const twice = [...bundle.lines, ...bundle.lines];
    await expect(bundles.change(id, { ...bundle, lines: twice }, version, ACTOR)).rejects.toThrow('twice');
    await expect(bundles.add(bundle, null, ACTOR)).rejects.toThrow('of this name');
    await auditedAs(dataSource, 'bundle.changed', () =>
      bundles.change(id, { ...bundle, lines: [], offered: false }, version, ACTOR),
    );
    expect(await read.bundles.all()).toMatchObject([{ lines: [], offered: false, pricePence: 0 }]);
  });
});

describe('places and levels', () => {
  it('are renamed only while no machine stands there', async () => {
    await standAt(dataSource, await insertMachines(dataSource, 2), 'in_stock:available');
    await insertProduct(dataSource, 'Laptop', { model: 'HP EliteBook 840 G8' });
    expect(await read.places.notEntered()).toEqual([{ name: 'Stores', machines: 2 }]);
    let id = 0;
    await auditedAs(dataSource, 'stock-place.added', async () => {
      ({ id } = await places.add('STORES', null, ACTOR));
    });
    expect(await read.places.one(id)).toMatchObject({ machines: 2, onHand: 2, countedAt: null });
    const version = async (): Promise<string> => (await read.places.one(id))?.version ?? '';
    await expect(places.rename(id, 'Depot', await version(), ACTOR)).rejects.toThrow('Machines stand at this place');
    const seen = await version();
    await auditedAs(dataSource, 'stock-place.changed', () => places.rename(id, 'Stores', seen, ACTOR));
    await expect(places.rename(id, 'Stores', seen, ACTOR)).rejects.toThrow(ChangedMeanwhileError);
    expect(await outcomes([1, 2, 3].map(() => places.add('Depot', null, ACTOR)))).toEqual([
      'ConflictError',
      'ConflictError',
      'done',
    ]);
  });

  it('show what is low first, and what nobody is promised', async () => {
    const stores = await insertPlace(dataSource, 'Stores');
    const [bag, dock] = [await insertProduct(dataSource, 'Bag'), await insertProduct(dataSource, 'Dock')];
    await stockUp(dataSource, bag, stores, 10);
    await stockUp(dataSource, dock, stores, 10);
    await promise(dataSource, dock, stores, 8);
    let id = 0;
    await auditedAs(dataSource, 'stock-level.threshold-set', async () => {
      ({ id } = await levels.watch({ productId: dock, placeId: stores, threshold: 3 }, null, ACTOR));
    });
    const { items } = await read.levels.page({}, {});
    expect(items.map(({ product, free, low }) => ({ product, free, low }))).toEqual([
      { product: 'Dock', free: 2, low: true },
      { product: 'Bag', free: 10, low: false },
    ]);
    const first = await read.levels.page({}, { limit: 1 });
    expect((await read.levels.page({}, { limit: 1, cursor: first.next ?? '' })).items).toMatchObject([
      { product: 'Bag' },
    ]);
    expect((await read.levels.page({ low: true }, {})).items).toHaveLength(1);
    expect((await availabilityOf(dataSource)).get(dock)).toMatchObject({
      onHand: 10,
      reserved: 8,
      free: 2,
      onOrder: 0,
    });
    const version = (await read.levels.one(id))?.version ?? '';
    await stockUp(dataSource, dock, stores, 1);
    await levels.setThreshold(id, null, version, ACTOR);
    await expect(levels.setThreshold(id, 5, version, ACTOR)).rejects.toThrow(ChangedMeanwhileError);
    await expect(levels.watch({ productId: 9_999, placeId: stores, threshold: 1 }, null, ACTOR)).rejects.toThrow(
      'no such product',
    );
  });
});
