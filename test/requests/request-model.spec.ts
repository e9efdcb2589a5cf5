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
import { personId } from '../support/custody-fixture.js';
import { receiveCounted, receiveMachines, stockEquipment } from '../support/request-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { CrashingConnection } from './crashing-connection.js';
import { requestCommands } from './request-model-commands.js';
import type { RealRequests } from './request-model-run.js';
import { RequestModel } from './request-model.js';
import { EVENTS, SUMS, unsound } from './sound-sums.js';

jest.setTimeout(3_600_000);

/** Runs of the gate; `REQUEST_MODEL_RUNS=2000` is the full proof. */
const RUNS = Number(process.env['REQUEST_MODEL_RUNS'] ?? 60);
const SEED = Number(process.env['REQUEST_MODEL_SEED'] ?? Date.now() % 2_147_483_647);
/** Most commands of a run; those that nobody could do at their moment are left out, but for one in twelve. */
const COMMANDS = 100;
const STOCK = 2;
const TEAM = 4;
// Commands that take no clock go by the real one.
const BEGINNING = Date.now();

describe('requests beside their model', () => {
  let database: TestDatabase;
  let services: Omit<RealRequests, 'product' | 'machineModel' | 'team' | 'ids'>;
  let run = 0;
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 6 });
    const { dataSource } = database;
    const equipment = await stockEquipment(dataSource);
    const connection = new CrashingConnection(dataSource);
    const { transactor } = connection;
    const beneficiaries = new BeneficiariesQueries(dataSource, new ProgrammeQueries(dataSource));
    let [seconds, keys] = [0, 0];
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
      clock: () => new Date(BEGINNING + ++seconds * 10),
      nextKey: () => `command ${++keys}`,
      tally: new Map(),
    };
  });
  afterAll(() => database.drop());

  /** A product and a team of its own for each run, so that runs do not meet. */
  async function begin(isMachine: boolean): Promise<{ model: RequestModel; real: RealRequests }> {
    run += 1;
    const { dataSource } = database;
    const machineModel = isMachine ? `Model ${run}` : null;
    const team = Array.from({ length: TEAM }, (_, index) => personId(100_000 + TEAM * run + index));
    const [row] = await dataSource.query<{ id: number }[]>(
      `with people as (
         insert into person (entra_id, user_principal_name, display_name, account_enabled, user_type, manager_entra_id)
         select entra_id, entra_id || '@council.example', 'Person', true, 'Member', $4 from unnest($3::text[]) as entra_id
       ), made as (
         insert into product (name, kind, serialised, price_pence, changed_by)
         values ($1, 'other', $2::text is not null, 1000, 'system:test') returning id
       ), known as (
         insert into product_model (model_name, product_id) select lower('HP ' || $2::text), id from made where $2::text is not null
       ) select id from made`,
      [`Thing ${run}`, machineModel, team, services.equipment.manager],
    );
    const product = row?.id ?? 0;
    if (machineModel === null) await receiveCounted(dataSource, product, services.place, STOCK);
    else await receiveMachines(dataSource, STOCK, 'Stores', machineModel);
    return { model: new RequestModel(STOCK, isMachine), real: { ...services, product, machineModel, team, ids: [] } };
  }

  it(`agree in ${RUNS} runs of random commands, roles and crashes`, async () => {
    process.stdout.write(`Seed of the ${RUNS} runs of requests beside their model: ${SEED}\n`);
    await fc.assert(
      fc.asyncProperty(fc.boolean(), requestCommands(COMMANDS), async (isMachine, commands) => {
        await fc.asyncModelRun(() => begin(isMachine), commands);
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: false },
    );
    const tally = [...services.tally].sort().map(([what, times]) => `${what} ${times}`);
    process.stdout.write(`In ${run} runs: ${tally.join(', ')}\n`);
    expect(run).toBeGreaterThanOrEqual(RUNS);
    expect(await unsound(database.dataSource, { ...SUMS, ...EVENTS })).toEqual([]);
  });
});
