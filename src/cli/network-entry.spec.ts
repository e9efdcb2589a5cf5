import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { Transactor } from '../database/transactor.js';
import { createTenant } from '../demo/tenant/demonstration-tenant.js';
import { SitesService } from '../network/sites/sites.service.js';
import { enterNetworks, isNetworkOpen } from './network-entry.js';

const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const story = createTenant({ seed: 5, people: 80, startDate: YESTERDAY }).networkStory();

describe('entering the networks of the demonstration', () => {
  let database: TestDatabase;
  let transactor: Transactor;
  beforeEach(async () => {
    database = await createTestDatabase();
    transactor = new Transactor(database.dataSource);
  });
  afterEach(() => database.drop());

  const count = async (table: string): Promise<number | undefined> =>
    (await database.dataSource.query<{ count: number }[]>(`select count(*)::integer as count from ${table}`))[0]?.count;

  it.each([0, 1, 2])('goes on where it was interrupted, before step %i', async (last) => {
    let step = 0;
    const interrupted = enterNetworks(database.dataSource, story, () => {
      if (step++ === last) throw new Error('Interrupted.');
    });
    await expect(interrupted).rejects.toThrow('Interrupted.');
    expect(await isNetworkOpen(transactor)).toBe(true);
    await enterNetworks(database.dataSource, story, () => undefined);
    expect(await isNetworkOpen(transactor)).toBe(false);
    expect(await count('network_site')).toBe(story.sites.length);
    expect(await count('site_test')).toBe(story.siteTests.length);
    expect(await count('network_import')).toBe(3);
  });

  it('leaves alone where somebody has entered a site', async () => {
    await new SitesService(transactor).add(
      { name: 'Civic Centre', desks: null, docks: null, wiredPorts: null },
      null,
      'person:somebody',
    );
    expect(await isNetworkOpen(transactor)).toBe(false);
  });
});
