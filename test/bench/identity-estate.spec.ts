import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildIdentityEstate, measureIdentity } from './identity-estate.js';

describe('a generated estate', () => {
  const estate = buildIdentityEstate(5_000);

  it('is the same for the same seed, and holds the traps that it promises', () => {
    expect(buildIdentityEstate(5_000)).toEqual(estate);
    const enrolled = estate.records.filter(
      ({ source, presence }) => source === 'managed-devices' && presence === 'present',
    );
    const machineOf = (id: string): number | undefined => estate.machineOf.get(`managed-devices ${id}`);
    const machinesBySerial = new Map<string, Set<number | undefined>>();
    for (const { serial_number, external_id } of enrolled) {
      const serial = serial_number?.replaceAll(' ', '').toUpperCase() ?? '';
      machinesBySerial.set(serial, (machinesBySerial.get(serial) ?? new Set()).add(machineOf(external_id)));
    }
    const machines = new Set(enrolled.map(({ external_id }) => machineOf(external_id))).size;
    const shared = [...machinesBySerial.values()].filter(({ size }) => size === 2).length * 2;
    const placeholders = [...machinesBySerial.values()]
      .filter(({ size }) => size > 2)
      .reduce((sum, { size }) => sum + size, 0);
    expect(shared / machines).toBeGreaterThan(0.035);
    expect(placeholders / machines).toBeGreaterThan(0.08);
  });

  describe('in the database', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await createTestDatabase();
    });
    afterAll(() => database.drop());

    it('is resolved without one wrong merge, and with at least 99 % of what belongs together', async () => {
      const measured = await measureIdentity(database.dataSource, 5_000);
      expect(measured).toMatchObject({ records: estate.records.length, precision: 100, wronglyMerged: 0 });
      expect(measured.recall).toBeGreaterThanOrEqual(99);
    });
  });
});
