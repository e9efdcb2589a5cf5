import { auditedAs, auditHead } from '../../../test/support/audit.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { ConflictError, InputError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import { DEFAULT_NETWORK_SETTINGS } from '../domain/default-settings.js';
import type { NetworkSettings } from '../domain/network-settings.js';
import { NetworkSettingsQueries } from './network-settings.queries.js';
import { NetworkSettingsService } from './network-settings.service.js';

const ACTOR = 'person:rollout-manager';
const OWN: NetworkSettings = {
  ...DEFAULT_NETWORK_SETTINGS,
  thresholds: { 'teams-video-meeting-recommended-upload': 1_200.5 },
  neededAtHome: 'video_safe',
};

let database: TestDatabase;
let dataSource: TestDatabase['dataSource'];
let queries: NetworkSettingsQueries;
let service: NetworkSettingsService;

beforeAll(async () => {
  database = await createTestDatabase({ connections: 8 });
  dataSource = database.dataSource;
  queries = new NetworkSettingsQueries(dataSource);
  service = new NetworkSettingsService(new Transactor(dataSource));
});
afterAll(() => database.drop());
beforeEach(() => dataSource.query('delete from network_settings'));

const change = (version: number, settings = OWN, reason = 'Counted in the week of the survey') =>
  service.change({ settings, reason, version }, ACTOR);

describe('settings of the network', () => {
  it('are the defaults as version 0 until somebody changes them', async () => {
    expect(await queries.current()).toEqual({ version: 0, settings: DEFAULT_NETWORK_SETTINGS });
    expect(await queries.versions()).toEqual([]);
  });

  it('are kept as a version with its reason, and everything that goes by them is told', async () => {
    await dataSource.query('delete from network_change');
    const entry = await auditedAs(dataSource, 'network-settings.changed', () => change(0));
    expect(entry).toMatchObject({ actor: ACTOR, subject: 'network-settings:1', details: { version: 1 } });
    expect(await queries.current()).toEqual({ version: 1, settings: OWN });
    expect(await dataSource.query('select kind, subject from network_change')).toEqual([
      { kind: 'everything', subject: '' },
    ]);
    await change(1, DEFAULT_NETWORK_SETTINGS, 'Back to what is published');
    expect((await queries.versions()).map(({ version, reason, actor }) => [version, reason, actor])).toEqual([
      [2, 'Back to what is published', ACTOR],
      [1, 'Counted in the week of the survey', ACTOR],
    ]);
    const first = (await queries.versions())[1];
    expect([first?.settings, Number.isNaN(Date.parse(first?.createdAt ?? ''))]).toEqual([OWN, false]);
  });

  it('are read within a transaction as it sees them', async () => {
    await new Transactor(dataSource).run(async (tx) => {
      await tx.query(
        `insert into network_settings (version, settings, reason, actor) values (1, '{"neededAtSite":"audio_safe"}', 'x', 'x')`,
      );
      expect((await queries.current(tx)).settings.neededAtSite).toBe('audio_safe');
      expect((await queries.current()).version).toBe(0);
    });
  });

  it.each([1, -1, 0.5, 2_147_483_647, 999_999_999_999_999])('are not kept on top of version %s', async (version) => {
    await expect(change(version)).rejects.toThrow(ConflictError);
    expect((await queries.current()).version).toBe(0);
  });

  it('are not kept when a figure cannot be, and leave no trace then', async () => {
    const before = await auditHead(dataSource);
    const wrong = { ...OWN, thresholds: { nothing: 1 } };
    await expect(change(0, wrong)).rejects.toThrow(InputError);
    expect([await auditHead(dataSource), (await queries.current()).version]).toEqual([before, 0]);
  });

  it('are changed by one of many who send the same version at once', async () => {
    const before = await auditHead(dataSource);
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => change(0)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const each of all) {
      if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(ConflictError);
    }
    expect([(await queries.versions()).length, (await auditHead(dataSource)) - before]).toEqual([1, 1]);
  });
});
