import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { runCommand, temporaryHome, type Ended } from './command.js';

describe('untether network import', () => {
  const { home, remove } = temporaryHome();
  let database: TestDatabase;
  const untether = (...args: string[]): Promise<Ended> =>
    runCommand(['network', ...args], { DATABASE_URL: database.url, UNTETHER_HOME: home });
  const file = (name: string, content: string): string => {
    const where = path.join(home, name);
    writeFileSync(where, content);
    return where;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await database.drop();
    remove();
  });

  it('says what a file would do, applies it once, and is refused afterwards', async () => {
    const sites = file('sites.csv', 'name,desks\nLibrary,20\nDepot,many\n');
    const dry = await untether('import', sites, '--kind', 'sites');
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.stdout).toContain('line 3: desks: This is not a number.');
    expect(dry.stdout).toMatch(
      /Import 1 of sites\.csv, 2 rows: checked[\s\S]*"untether network apply-import 1" applies it/,
    );
    expect(await database.dataSource.query('select 1 from network_site')).toEqual([]);
    expect((await untether('apply-import', '1')).stdout).toContain('applied');
    expect(await database.dataSource.query('select name, desks from network_site')).toEqual([
      { name: 'Library', desks: 20 },
    ]);
    expect(await untether('apply-import', '1')).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/only once/) as string,
    });
  });

  it('applies at once, and takes the month of coverage from the name of the file', async () => {
    const coverage = file('202601_fixed_pc_coverage_r2_SO.csv', 'postcode,superfast_pct\nSO14 0AA,90\n');
    const applied = await untether('import', coverage, '--kind', 'postcode_coverage', '--apply', '--json');
    expect(JSON.parse(applied.stdout)).toMatchObject({ state: 'applied', snapshot: '2026-01-01', counts: { new: 1 } });
  });

  it('says what is wrong with the file or the command', async () => {
    expect((await untether('import', path.join(home, 'absent.csv'), '--kind', 'sites')).code).toBe(2);
    expect((await untether('import', file('a.csv', 'name\nA\n'))).stderr).toContain('--kind');
    expect((await untether('import', file('a.csv', 'name\nA\n'), '--kind', 'people')).code).toBe(2);
    const refused = await untether('import', file('b.csv', 'desks\n1\n'), '--kind', 'sites');
    expect([refused.code, refused.stderr.includes('no column for "name"')]).toEqual([2, true]);
  });
});
