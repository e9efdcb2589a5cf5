import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { runCommand, temporaryHome, type Ended } from './command.js';

interface Outcome {
  readonly decisionId: number;
  readonly deviceIds: readonly number[];
}

describe('commands about machines', () => {
  const { home, remove } = temporaryHome();
  let database: TestDatabase;
  const untether = (...args: string[]): Promise<Ended> =>
    runCommand(args, { DATABASE_URL: database.url, UNTETHER_HOME: home });

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.dataSource.query(
      `insert into device_record (source, external_id, name, serial_number, manufacturer, model)
       values ('managed-devices', 'a', 'PC-1', '5CG1234ABC', 'HP', 'EliteBook'),
              ('managed-devices', 'b', 'PC-2', '5CG9999XYZ', 'HP', 'EliteBook')`,
    );
  });
  afterAll(async () => {
    await database.drop();
    remove();
  });

  it('resolves records, merges devices, takes the merge back and splits', async () => {
    const resolved = await untether('resolve', '--json');
    expect(JSON.parse(resolved.stdout)).toMatchObject({ records: 2, created: 2 });
    expect((await untether('resolve')).stdout).toContain('No record is waiting.');
    const ids = await database.dataSource.query<{ id: number }[]>('select id from device order by id');
    const [first, second] = ids.map(({ id }) => String(id)) as [string, string];

    const merged = await untether('merge', first, second, '--reason', 'One asset tag', '--json');
    const outcome = JSON.parse(merged.stdout) as Outcome;
    expect(outcome.deviceIds).toEqual([Number(first)]);
    const undone = await untether('undo', String(outcome.decisionId), '--reason', 'Wrong label');
    expect(undone.code).toBe(0);
    expect(undone.stdout).toContain(`${first}, ${second}`);
    expect((await untether('undo', String(outcome.decisionId), '--reason', 'Wrong label')).code).toBe(5);
    expect((await untether('merge', first, '--reason', 'Too few')).code).toBe(2);
    expect((await untether('reviews')).stdout).toContain('No question is open.');
    expect((await untether('reviews', 'settle', '1', 'perhaps', '--reason', 'None')).code).toBe(2);
    expect((await untether('reviews', 'show', '99')).code).toBe(2);
  });

  it('shows what an asset register would do, applies it once and takes it back', async () => {
    const file = path.join(home, 'register.csv');
    writeFileSync(file, 'Asset tag,Serial number,Manufacturer,Model\nT-1,5CG1234ABC,HP,EliteBook\n');
    const checked = await untether('import', file, '--json');
    expect(checked.stderr).toBe('');
    const summary = JSON.parse(checked.stdout) as { readonly id: number; readonly state: string };
    expect(summary).toMatchObject({ state: 'checked', counts: { new: 1, refused: 0 } });
    const id = String(summary.id);
    expect((await untether('import', 'apply', id)).stdout).toContain('applied');
    expect((await untether('import', 'apply', id)).code).toBe(5);
    expect((await untether('import', 'undo', id, '--reason', 'Wrong file')).stdout).toContain('undone');
    expect((await untether('import', path.join(home, 'absent.csv'))).code).toBe(2);
  });
});
