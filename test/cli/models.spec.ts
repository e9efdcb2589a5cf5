import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { runCommand, temporaryHome, type Ended } from './command.js';

describe('commands about what machines are', () => {
  const { home, remove } = temporaryHome();
  let database: TestDatabase;
  const untether = (...args: string[]): Promise<Ended> =>
    runCommand(args, { DATABASE_URL: database.url, UNTETHER_HOME: home });

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.dataSource.query(
      `insert into device_record (source, external_id, name, manufacturer, model)
       values ('managed-devices', 'a', 'PC-1', 'Acme Ltd', 'Desk 9000'),
              ('managed-devices', 'b', 'PC-2', 'Dell Inc.', 'Latitude 5420')`,
    );
  });
  afterAll(async () => {
    await database.drop();
    remove();
  });

  it('classifies, shows what waits for a decision, takes the decision and takes it back', async () => {
    const resolved = await untether('resolve', '--json');
    expect(JSON.parse(resolved.stdout)).toMatchObject({ records: 2, formFactors: { classified: 2, written: 2 } });
    const listed = await untether('models', '--state', 'unknown', '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject({ models: [{ model: 'Desk 9000', machines: 1 }], next: null });
    expect((await untether('models')).stdout).toContain('Latitude 5420');

    const model = ['models', 'override', 'Acme Ltd', 'Desk 9000'];
    const decided = await untether(...model, 'desktop', '--reason', 'Data sheet', '--json');
    expect(JSON.parse(decided.stdout)).toMatchObject({ devices: 1, changed: 1 });
    expect((await untether(...model, 'laptop', '--reason', 'Data sheet')).code).toBe(5);
    expect((await untether('models', '--state', 'unknown')).stdout).toContain('no such model');
    const withdrawn = await untether(...model, '--withdraw', '--reason', 'Wrong sheet');
    expect(withdrawn.stdout).toContain('Taken back');

    const [laptop] = await database.dataSource.query<{ id: number }[]>(`select id from device where name = 'PC-2'`);
    const device = ['devices', 'override', String(laptop?.id)];
    expect((await untether(...device, 'tablet', '--reason', 'Seen')).stdout).toContain('1 machine, 1 of them changed');
    expect((await untether(...device, '--withdraw', '--reason', 'Looked again')).code).toBe(0);
  });

  it('says how it is used', async () => {
    expect((await untether('models', 'override', 'Acme', 'X', 'desktop')).code).toBe(2);
    expect((await untether('models', 'override', 'Acme', 'X', '--reason', 'Why')).stderr).toContain('--withdraw');
    expect((await untether('devices', 'override', '1', 'toaster', '--reason', 'Why')).code).toBe(2);
    expect((await untether('models', '--state', 'perhaps')).code).toBe(2);
  });
});
