import {
  emptyRollout,
  makeOtherwiseReady,
  READINESS_SETTINGS,
  KnownNetwork,
} from '../../../test/support/readiness-fixture.js';
import { machines, startRollout, type RolloutFixture } from '../../../test/support/rollout-fixture.js';
import { checkHome, enterSite, networkGate, type NetworkGate } from '../../../test/support/site-network-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { noteNetworkChange } from '../../network/network-changes.service.js';
import { MovesQueries } from '../moves.queries.js';
import type { MovesToEvaluate } from '../readiness/readiness-selection.queries.js';
import type { EvaluationOutcome } from '../readiness/readiness.service.js';

let database: TestDatabase;
let dataSource: TestDatabase['dataSource'];
let rollout: RolloutFixture;
let gate: NetworkGate;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = database.dataSource;
  gate = networkGate(dataSource);
});
afterAll(() => database.drop());

/** Eight people with a laptop for each; everything but the networks is well. Even numbers work at "Library". */
beforeEach(async () => {
  await emptyRollout(dataSource);
  await dataSource.query(
    'truncate network_site, remote_access, connection_check, network_settings, network_change restart identity cascade',
  );
  rollout = await startRollout(dataSource, { people: 8, laptops: 8, settings: READINESS_SETTINGS });
  for (const [index, move] of rollout.moves.entries()) {
    await makeOtherwiseReady(dataSource, new KnownNetwork(), move, rollout.people[index] ?? '');
  }
  await dataSource.query(`update move set work_style = 'office_mobile'`);
});

const evaluate = (which: MovesToEvaluate = 'all'): Promise<EvaluationOutcome> =>
  dataSource.transaction((tx) => gate.readiness.evaluate(tx, rollout.programmeId, which, new Date()));
const checkHomes = async (): Promise<void> => {
  for (const person of rollout.people) await checkHome(dataSource, person);
};

async function ready(): Promise<number[]> {
  const rows = await dataSource.query<{ id: number }[]>(
    `select move_id as id from readiness_evaluation where outcome = 'ready' order by 1`,
  );
  return rows.map(({ id }) => rollout.moves.indexOf(id) + 1);
}

async function results(rule: string): Promise<Record<string, unknown>[]> {
  return dataSource.query(
    'select outcome, reason, subject, evidence from readiness_result where rule = $1 order by move_id',
    [rule],
  );
}

async function fixes(): Promise<unknown[]> {
  const programme = await gate.programmes.one(rollout.programmeId);
  if (programme === null) throw new Error('There is a programme.');
  const { items } = await gate.fixes.page(programme, {}, {});
  return items.map(({ kind, site, blocks, unlocks }) => [kind, site, blocks, unlocks]);
}

/** Puts people, by number, into a new wave. */
async function wave(name: string, endsOn: string, people: readonly number[]): Promise<number> {
  const [row] = await dataSource.query<{ id: number }[]>(
    `insert into wave (programme_id, name, starts_on, ends_on, created_by) values ($1, $2, $3::date - 4, $3, 'person:x') returning id`,
    [rollout.programmeId, name, endsOn],
  );
  await dataSource.query('update move set wave_id = $1 where id = any($2)', [
    row?.id,
    people.map((number) => rollout.moves[number - 1]),
  ]);
  return row?.id ?? 0;
}

describe('measured networks', () => {
  it('stop everybody while nothing is known, and nobody once both serve', async () => {
    await evaluate();
    expect(await ready()).toEqual([]);
    expect((await results('network-site'))[0]).toMatchObject({
      ...{ outcome: 'unknown', reason: 'network-not-known', subject: 'Civic Centre' },
      evidence: { verdict: 'unknown', needed: 'video_safe', settings: 0 },
    });
    expect((await results('network-home'))[0]).toMatchObject({ outcome: 'unknown', reason: 'home-not-measured' });
    await enterSite(dataSource, 'Civic Centre');
    await enterSite(dataSource, 'library');
    await checkHomes();
    await evaluate();
    expect(await ready()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect((await results('network-site'))[0]?.['evidence']).toMatchObject({
      verdict: 'video_safe',
      needed: 'video_safe',
    });
  });

  it('stop the people of a site whose survey failed, and say which survey', async () => {
    await enterSite(dataSource, 'Civic Centre');
    await enterSite(dataSource, 'Library', { survey: 'failed' });
    await checkHomes();
    await evaluate();
    expect(await ready()).toEqual([1, 3, 5, 7]);
    const library = (await results('network-site')).find(({ subject }) => subject === 'Library');
    expect(library).toMatchObject({
      ...{ outcome: 'not_ready', reason: 'network-not-ready' },
      evidence: { verdict: 'not_ready', causes: [{ kind: 'wifi-survey', id: 2 }] },
    });
    expect(await fixes()).toEqual([['wifi-survey', 'Library', 4, 4]]);
  });

  it('keep the figures of homes out of the evidence', async () => {
    await enterSite(dataSource, 'Civic Centre');
    await enterSite(dataSource, 'Library');
    await checkHomes();
    await dataSource.query('update connection_check set upload_kbps = 7 where person_entra_id = $1', [
      rollout.people[0],
    ]);
    await evaluate();
    const [home] = await results('network-home');
    expect(home).toMatchObject({ outcome: 'not_ready', reason: 'home-not-ready', evidence: { verdict: 'not_ready' } });
    expect(JSON.stringify(home?.['evidence'])).not.toMatch(/"value"|:7[,}]/);
    expect(await ready()).toEqual([2, 3, 4, 5, 6, 7, 8]);
  });

  it('are asked anew of those whom a change touches', async () => {
    await enterSite(dataSource, 'Civic Centre');
    await checkHomes();
    await dataSource.query(`delete from connection_check where person_entra_id = $1`, [rollout.people[0]]);
    await evaluate();
    const note = async (change: Parameters<typeof noteNetworkChange>[1]): Promise<EvaluationOutcome> => {
      const changedSince = new Date();
      await dataSource.transaction((tx) => noteNetworkChange(tx, change));
      return evaluate({ changedSince });
    };
    expect(await ready()).toEqual([3, 5, 7]);
    await enterSite(dataSource, 'Library');
    expect(await note({ kind: 'site', subjects: ['LIBRARY'] })).toMatchObject({ evaluated: 4, turned: 4 });
    await checkHome(dataSource, rollout.people[0] ?? '');
    expect(await note({ kind: 'home', subjects: [rollout.people[0] ?? ''] })).toMatchObject({
      evaluated: 1,
      turned: 1,
    });
    expect(await note({ kind: 'everything' })).toMatchObject({ evaluated: 8, changed: 0 });
    expect(await ready()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('networks that are too small', () => {
  /** Room at "Library" for two of its four people. */
  beforeEach(async () => {
    await enterSite(dataSource, 'Civic Centre');
    await enterSite(dataSource, 'Library', { downloadKbps: 3_500, uploadKbps: 3_500 });
    await checkHomes();
  });

  it('stop those after whose wave they are, and whoever is in none', async () => {
    await wave('First', '2027-01-08', [1, 2, 3]);
    await wave('Second', '2027-02-05', [4, 5]);
    await evaluate();
    // Three people at once ask for 0.6 * 3 * 1,430.8 kbit/s, and 70 % of 3,500 may be planned with.
    expect(await ready()).toEqual([1, 2, 3, 4, 5, 7]);
    const stopped = (await results('network-site')).filter(({ reason }) => reason === 'site-too-small');
    expect(stopped).toHaveLength(2);
    expect(stopped[0]).toMatchObject({ outcome: 'not_ready', evidence: { causes: [{ kind: 'capacity', id: 2 }] } });
    expect(await fixes()).toEqual([['capacity', 'Library', 2, 2]]);
  });

  it('stop others when a wave is put off, by the next round of upkeep', async () => {
    const first = await wave('First', '2027-01-08', [2]);
    const second = await wave('Second', '2027-02-05', [4, 6, 8]);
    await evaluate();
    expect(await ready()).toEqual([1, 2, 3, 5, 7]);
    await dataSource.query(`update wave set ends_on = '2027-03-05', starts_on = '2027-03-01' where id = $1`, [first]);
    await dataSource.query(`update wave set ends_on = '2027-01-08', starts_on = '2027-01-04' where id = $1`, [second]);
    await evaluate({ changedSince: new Date() });
    const piecemeal = await results('network-site');
    expect(await ready()).toEqual([1, 3, 5, 7]);
    expect(await evaluate()).toMatchObject({ changed: 0 });
    expect(await results('network-site')).toEqual(piecemeal);
  });

  it('stop everybody who works away when remote access is', async () => {
    await dataSource.query('update network_link set download_kbps = 1000000, upload_kbps = 1000000');
    await dataSource.query(
      `insert into remote_access (name, sessions, download_kbps, upload_kbps, all_traffic, changed_by)
       values ('VPN', 1, 1000000, 1000000, false, 'system:test')`,
    );
    await wave('First', '2027-01-08', [1, 2]);
    await evaluate();
    expect(await ready()).toEqual([1, 2]);
    expect((await results('network-home'))[4]).toMatchObject({
      ...{ outcome: 'not_ready', reason: 'remote-access-too-small' },
      evidence: { causes: [{ kind: 'remote-access', id: 1 }] },
    });
    expect(await fixes()).toEqual([['remote-access', '', 6, 6]]);
  });
});

describe('what to put right', () => {
  it('counts whom each thing unlocks alone, and shows exactly these people', async () => {
    await machines(dataSource, [null], 'laptop', 'Latitude 7440');
    await enterSite(dataSource, 'Civic Centre', { survey: 'failed' });
    const { linkId } = await enterSite(dataSource, 'Library');
    await dataSource.query('delete from network_link where id = $1', [linkId]);
    await checkHomes();
    await dataSource.query('delete from connection_check where person_entra_id = any($1)', [rollout.people.slice(5)]);
    // One works at both sites, one waits for their manager besides.
    await dataSource.query(
      `insert into move_answer (move_id, question, answer, details, actor)
       values ($1, 'usual-sites', 'listed', '{"sites": ["Civic Centre", "Library"]}', 'person:x'), ($2, 'manager-word', 'no', '{}', 'person:x')`,
      [rollout.moves[0], rollout.moves[1]],
    );
    await evaluate();
    const found = await fixes();
    expect(found).toEqual([
      ['wifi-survey', 'Civic Centre', 4, 2],
      ['link', 'Library', 5, 1],
      ['home', '', 3, 0],
    ]);
    const programme = await gate.programmes.one(rollout.programmeId);
    if (programme === null) throw new Error('There is a programme.');
    const { items } = await gate.fixes.page(programme, {}, {});
    const moves = new MovesQueries(dataSource);
    for (const { kind, id, site, blocks, unlocks } of items) {
      const filter = {
        blockedBy: site === '' ? ('network-home' as const) : ('network-site' as const),
        ...(site === '' ? {} : { blockedSubject: site }),
        blockedCause: kind,
        ...(id === null ? {} : { blockedCauseId: id }),
      };
      expect((await moves.page(rollout.programmeId, filter, {}, 'id')).items).toHaveLength(blocks);
      const alone = await moves.page(rollout.programmeId, { ...filter, onlyBlocker: true }, {}, 'id');
      expect(alone.items).toHaveLength(unlocks);
    }
    // Page by page they are the same, narrowed down they are fewer.
    const first = await gate.fixes.page(programme, {}, { limit: 1 });
    const second = await gate.fixes.page(programme, {}, { limit: 5, cursor: first.next ?? '' });
    expect([...first.items, ...second.items]).toEqual(items);
    expect((await gate.fixes.page(programme, { kind: 'link' }, {})).items).toEqual([items[1]]);
    expect((await gate.fixes.page(programme, { site: 'library' }, {})).items).toEqual([items[1]]);
    expect(items[1]).toMatchObject({ clearing: 'Enter the links of the site.', owner: 'Network team', siteId: 2 });
    expect(items[0]?.figures).toEqual(['The survey failed.']);
    expect(items[1]?.figures).toEqual([]);
    expect(items[2]).toMatchObject({ figures: [], owner: 'The people themselves' });
    await expect(gate.fixes.page(programme, {}, { cursor: 'x' })).rejects.toThrow('not valid');
  });

  it('gives an overview of sites and homes with what stops whom', async () => {
    await enterSite(dataSource, 'Civic Centre', { survey: 'failed' });
    await checkHomes();
    await evaluate();
    const programme = await gate.programmes.one(rollout.programmeId);
    const { items } = await gate.overview.page(programme, {}, {});
    expect(items.map(({ name, siteId, verdict, blocks }) => [name, siteId, verdict, blocks])).toEqual([
      ['Civic Centre', 1, 'not_ready', 4],
      ['Library', null, 'unknown', 4],
    ]);
    expect(await gate.overview.homes(programme)).toEqual({
      ...{ video_safe: 8, audio_safe: 0, not_ready: 0, unknown: 0, blocked: 0 },
    });
    const first = await gate.overview.page(programme, {}, { limit: 1 });
    expect((await gate.overview.page(programme, {}, { cursor: first.next ?? '' })).items).toEqual([items[1]]);
    expect((await gate.overview.page(programme, { entered: false }, {})).items).toEqual([items[1]]);
    expect((await gate.overview.page(null, { verdict: 'not_ready' }, {})).items).toMatchObject([{ blocks: 0 }]);
  });
});
