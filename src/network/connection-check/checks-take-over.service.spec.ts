import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Transactor } from '../../database/transactor.js';
import { ChecksTakeOverService, type CheckMadeElsewhere } from './checks-take-over.service.js';

const ELSEWHERE: CheckMadeElsewhere = {
  personEntraId: 'p-1',
  checkedAt: '2026-11-02T09:30:00Z',
  place: 'home',
  siteName: null,
  connection: 'wifi',
  samples: 120,
  roundTripMs: 21.5,
  jitterMs: 3,
  lateRatio: 0.0125,
  downloadKbps: 67_000,
  uploadKbps: 17_000,
  loadedRoundTripMs: null,
  submission: '00000000-0000-4000-8000-000000000001',
};
const submission = (last: number): string => `00000000-0000-4000-8000-${String(last).padStart(12, '0')}`;

describe('checks that were made elsewhere', () => {
  let database: TestDatabase;
  let service: ChecksTakeOverService;
  beforeAll(async () => {
    database = await createTestDatabase();
    service = new ChecksTakeOverService(new Transactor(database.dataSource));
    await database.dataSource.query(
      `insert into person (entra_id, account_enabled) values ('p-1', true), ('p-2', true)`,
    );
    await database.dataSource.query(
      `insert into network_site (name, changed_by) values ('Civic Centre', 'system:test')`,
    );
  });
  afterAll(() => database.drop());

  const kept = (): Promise<object[]> =>
    database.dataSource.query(
      `select made.person_entra_id as person, place, site.name as site, method, round_trip_ms as "roundTripMs",
              late_ratio as "lateRatio", upload_kbps as "uploadKbps"
       from connection_check as made left join network_site as site on site.id = site_id order by made.id`,
    );

  it('are kept once, of those who are in the directory, with the site where one is known', async () => {
    const checks: readonly CheckMadeElsewhere[] = [
      ELSEWHERE,
      { ...ELSEWHERE, personEntraId: 'p-2', place: 'office', siteName: 'CIVIC centre', submission: submission(2) },
      { ...ELSEWHERE, personEntraId: 'p-2', place: 'office', siteName: 'Gasworks', submission: submission(3) },
      { ...ELSEWHERE, personEntraId: 'gone', submission: submission(4) },
    ];
    expect(await service.takeOver(checks, 'before', 'system:test')).toBe(3);
    const figures = { method: 'before', roundTripMs: 21.5, lateRatio: 0.0125, uploadKbps: 17_000 };
    expect(await kept()).toEqual([
      { person: 'p-1', place: 'home', site: null, ...figures },
      { person: 'p-2', place: 'office', site: 'Civic Centre', ...figures },
      { person: 'p-2', place: 'office', site: null, ...figures },
    ]);
    expect(await service.takeOver(checks, 'before', 'system:test')).toBe(0);
    expect(await kept()).toHaveLength(3);
  });

  it('are noted for each home, and in the audit trail as a number', async () => {
    const notes = database.dataSource.query<object[]>('select kind, subject from network_change order by subject');
    expect(await notes).toEqual([
      { kind: 'home', subject: 'p-1' },
      { kind: 'home', subject: 'p-2' },
    ]);
    const events = database.dataSource.query<object[]>(
      `select details from audit_event where event = 'connection-check.taken-over' order by id`,
    );
    expect(await events).toEqual([{ details: { count: 3 } }, { details: { count: 0 } }]);
  });

  it('are refused as a whole where a figure is none', async () => {
    const wrong = { ...ELSEWHERE, lateRatio: 1.5, submission: submission(5) };
    await expect(service.takeOver([wrong], 'before', 'system:test')).rejects.toThrow('figures_check');
    expect(await kept()).toHaveLength(3);
  });
});
