import type { OpenAPIObject } from '@nestjs/swagger';
import { Transactor } from '../../src/database/transactor.js';
import { FactCollectionService } from '../../src/rollout/fact-collection.service.js';
import { SnapshotService } from '../../src/rollout/burndown/snapshot.service.js';
import { MoveDerivationService } from '../../src/rollout/move-derivation.service.js';
import { ProgrammeQueries } from '../../src/rollout/programme.queries.js';
import { ReadinessService } from '../../src/rollout/readiness/readiness.service.js';
import { answerSchema, schemaViolations } from '../support/answer-schema.js';
import { personId } from '../support/custody-fixture.js';
import { KnownNetwork } from '../support/readiness-fixture.js';
import { startRollout } from '../support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const DAY = 86_400_000;

/** Something of everything that the answers of the rollout show. */
async function everything(database: TestDatabase): Promise<number> {
  const { dataSource } = database;
  const transactor = new Transactor(dataSource);
  const derivation = new MoveDerivationService();
  const rollout = await startRollout(dataSource, { people: 8, startedAt: new Date(Date.now() - 30 * DAY) });
  const [move = 0] = rollout.moves;
  await dataSource.query(`update person set employee_id = 'E' || id, account_enabled = entra_id <> $1`, [personId(8)]);
  await dataSource.query(
    `update device_custody set state = 'in_use', substate = null, holder_entra_id = $2 where device_id = $1`,
    [rollout.laptops[1], personId(2)],
  );
  await dataSource.query(
    `insert into move_answer (move_id, question, answer, details, actor)
     values ($1, 'applications', 'listed', '{"applications": ["Uniform"]}', 'system:schedule')`,
    [move],
  );
  await dataSource.query(
    `insert into rollout_application (programme_id, name, state, changed_by) values ($1, 'Uniform', 'unknown', 'system:schedule')`,
    [rollout.programmeId],
  );
  await new FactCollectionService(transactor, derivation).collect();
  const readiness = new ReadinessService(new ProgrammeQueries(dataSource), new KnownNetwork(), derivation);
  await transactor.run((tx) => readiness.evaluate(tx, rollout.programmeId, 'all', new Date()));
  await dataSource.query(
    `insert into wave (programme_id, name, starts_on, ends_on, created_by)
     values ($1, 'First floor', current_date, current_date + 14, 'system:schedule')`,
    [rollout.programmeId],
  );
  await dataSource.query(
    `insert into slot (programme_id, site, engineer_entra_id, starts_at, ends_at, cut_off_at, capacity, created_by)
     select $1, 'Library', $2, now() + interval '3 days', now() + interval '73 hours', now() + interval '2 days', 3,
            'system:schedule'`,
    [rollout.programmeId, personId(3)],
  );
  await new SnapshotService(dataSource, transactor).takeMissing('system:schedule');
  return move;
}

describe('the API of the rollout', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let move: number;
  beforeAll(async () => {
    database = await createTestDatabase();
    move = await everything(database);
    web = await startTestWeb(database);
  });
  afterAll(async () => {
    await web?.close();
    await database.drop();
  });

  it('answers exactly what the document says', async () => {
    const token = await web.tokenFor('rollout-manager');
    const read = async (address: string): Promise<Record<string, unknown>> => {
      const answer = await fetch(web.url + address, { headers: { authorization: `Bearer ${token}` } });
      expect([address, answer.status]).toEqual([address, 200]);
      return (await answer.json()) as Record<string, unknown>;
    };
    const document = (await (await fetch(`${web.url}/api/openapi.json`)).json()) as OpenAPIObject;
    const routes = Object.keys(document.paths).filter(
      (route) => document.paths[route]?.get !== undefined && /^\/api\/v1\/(rollout|moves)(?!.*[.]csv$)/.test(route),
    );
    expect(routes.length).toBeGreaterThan(15);
    for (const route of routes) {
      const id = route.startsWith('/api/v1/moves') ? move : 1;
      const answer = await read(route.replace('{id}', String(id)));
      expect([route, schemaViolations(answer, answerSchema(document, route))]).toEqual([route, []]);
    }
  });
});
