import { jest } from '@jest/globals';
import fc from 'fast-check';
import { RequestEndingsService } from '../../src/requests/asking/request-endings.service.js';
import { BeneficiariesQueries } from '../../src/requests/asking/beneficiaries.queries.js';
import { RequestsService } from '../../src/requests/asking/requests.service.js';
import { DecisionsService } from '../../src/requests/decisions/decisions.service.js';
import { HandoverService } from '../../src/requests/fulfilment/handover.service.js';
import { PickingService } from '../../src/requests/fulfilment/picking.service.js';
import { ReceiptService } from '../../src/requests/fulfilment/receipt.service.js';
import { ProgrammeQueries } from '../../src/rollout/programme.queries.js';
import { receiveCounted, stockEquipment, type Equipment } from '../support/request-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { CrashingConnection } from './crashing-connection.js';
import { requestCommands, type RealRequests } from './request-model-commands.js';
import { RequestModel } from './request-model.js';
import { EVENTS, SUMS, unsound } from './sound-sums.js';

jest.setTimeout(3_600_000);

/** Runs of the gate; `REQUEST_MODEL_RUNS=2000` is the full proof. */
const RUNS = Number(process.env['REQUEST_MODEL_RUNS'] ?? 120);
const SEED = Number(process.env['REQUEST_MODEL_SEED'] ?? Date.now() % 2_147_483_647);
const COMMANDS = 24;
const STOCK = 1;

describe('requests beside their model', () => {
  let database: TestDatabase;
  let equipment: Equipment;
  let services: Omit<RealRequests, 'product' | 'ids'>;
  let run = 0;
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 6 });
    const { dataSource } = database;
    equipment = await stockEquipment(dataSource);
    const connection = new CrashingConnection(dataSource);
    const { transactor } = connection;
    const beneficiaries = new BeneficiariesQueries(dataSource, new ProgrammeQueries(dataSource));
    services = {
      sql: dataSource,
      equipment,
      connection,
      place: equipment.places.stores,
      requests: new RequestsService(transactor, beneficiaries),
      endings: new RequestEndingsService(transactor, beneficiaries),
      decisions: new DecisionsService(transactor),
      picking: new PickingService(transactor),
      handover: new HandoverService(transactor),
      receipts: new ReceiptService(transactor),
    };
  });
  afterAll(() => database.drop());

  /** A product of its own for each run, so that runs do not meet. */
  async function begin(): Promise<{ model: RequestModel; real: RealRequests }> {
    run += 1;
    const [row] = await database.dataSource.query<{ id: number }[]>(
      `insert into product (name, kind, serialised, price_pence, changed_by) values ($1, 'bag', false, 1000, 'system:test') returning id`,
      [`Bag ${run}`],
    );
    const product = row?.id ?? 0;
    await receiveCounted(database.dataSource, product, services.place, STOCK);
    return { model: new RequestModel(STOCK), real: { ...services, product, ids: [] } };
  }

  it(`agree in ${RUNS} runs of random commands, roles and crashes`, async () => {
    process.stdout.write(`Seed of the runs of requests beside their model: ${SEED}\n`);
    await fc.assert(
      fc.asyncProperty(requestCommands(COMMANDS), async (commands) => {
        await fc.asyncModelRun(begin, commands);
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: false },
    );
    expect(run).toBeGreaterThanOrEqual(RUNS);
    expect(await unsound(database.dataSource, { ...SUMS, ...EVENTS })).toEqual([]);
  });
});
