import { Transactor } from '../../src/database/transactor.js';
import { enterNetworks, isNetworkOpen } from '../../src/cli/network-entry.js';
import { HomeFactsQueries } from '../../src/network/home-facts.queries.js';
import type { NetworkVerdict } from '../../src/network/domain/network-words.js';
import { NetworkReadinessQueries } from '../../src/network/network-readiness.queries.js';
import { NetworkSettingsQueries } from '../../src/network/settings/network-settings.queries.js';
import { SiteFactsQueries } from '../../src/network/site-facts.queries.js';
import { MoveDerivationService } from '../../src/rollout/move-derivation.service.js';
import { networkPlan, type NetworkPlan } from '../../src/rollout/network/planned-people.queries.js';
import { ProgrammeQueries } from '../../src/rollout/programme.queries.js';
import { MeasuredNetworkReadiness } from '../../src/rollout/readiness/network-readiness.queries.js';
import { ReadinessService } from '../../src/rollout/readiness/readiness.service.js';
import { demonstrationNetwork, type DemonstrationNetwork } from '../support/demonstration-network.js';

describe('the networks of the demonstration, entered at its first start', () => {
  let bench: DemonstrationNetwork;
  let transactor: Transactor;
  let network: NetworkReadinessQueries;
  let settings: NetworkSettingsQueries;
  let programmes: ProgrammeQueries;
  let plan: NetworkPlan;
  const now = new Date();

  beforeAll(async () => {
    bench = await demonstrationNetwork({ people: 900, seed: 1 });
    const { dataSource } = bench.database;
    transactor = new Transactor(dataSource);
    settings = new NetworkSettingsQueries(dataSource);
    network = new NetworkReadinessQueries(settings, new HomeFactsQueries(), new SiteFactsQueries());
    programmes = new ProgrammeQueries(dataSource);
    plan = await transactor.run(async (tx) => {
      const programme = await programmes.one(bench.taken.programmeId, tx);
      if (programme === null) throw new Error('There is no programme.');
      return networkPlan(tx, programme, now);
    });
  }, 120_000);
  afterAll(async () => {
    await bench?.close();
  });

  const query = <Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> =>
    bench.database.dataSource.query<Row[]>(sql, parameters);
  const verdicts = async (step: 'now' | 'end'): Promise<Readonly<Record<string, NetworkVerdict>>> => {
    const asked = [...plan.sites].map(([name, people]) => ({ name, people: people[step].people }));
    const judged = await transactor.run((tx) => network.ofSites(tx, asked, now));
    return Object.fromEntries([...judged].map(([name, { verdict }]) => [name, verdict]));
  };
  const counts = async (): Promise<object> =>
    (
      await query(`select (select count(*)::integer from network_site) as sites, (select count(*)::integer from network_link) as links,
          (select count(*)::integer from wifi_survey) as surveys, (select count(*)::integer from network_range) as ranges,
          (select count(*)::integer from remote_access) as gateways, (select count(*)::integer from site_test) as tests,
          (select count(*)::integer from area_coverage) as areas, (select count(*)::integer from connection_check) as checks`)
    )[0] ?? {};

  it('are all there, entered by the system in the name of the demonstration', async () => {
    const { sites, siteTests, coverage } = bench.networks;
    const egresses = sites.filter(({ egress }) => egress !== null).length;
    expect(await counts()).toMatchObject({
      sites: 12,
      links: 12,
      surveys: 12,
      ranges: 12 + egresses + 2,
      gateways: 1,
      tests: siteTests.length,
      areas: coverage.areas.length,
    });
    const actors = await query(
      `select distinct actor from audit_event where event like 'network%' or event like 'connection-check%'`,
    );
    expect(actors).toEqual([{ actor: 'system:demonstration' }]);
  });

  it('are entered once, however often it is begun', async () => {
    const before = await counts();
    expect(await isNetworkOpen(transactor)).toBe(false);
    await enterNetworks(bench.database.dataSource, bench.networks, () => undefined);
    expect(await counts()).toEqual(before);
  });

  it('serve at most sites today, and not any more at two when everybody has moved', async () => {
    expect(await verdicts('now')).toEqual({
      'ferrybridge town hall': 'video_safe',
      'aire house': 'video_safe',
      'castle street civic centre': 'video_safe',
      'calder point': 'video_safe',
      'holmbeck library and hub': 'video_safe',
      'calderwick library': 'audio_safe',
      'northfield depot': 'video_safe',
      'eastmoor depot': 'video_safe',
      "st oswald's children's centre": 'unknown',
      'millrace family hub': 'not_ready',
      'brotherton lane day centre': 'unknown',
      'ferrybridge leisure centre': 'video_safe',
      'kingsmead business park, unit 4': 'video_safe',
      'westgate registry office': 'unknown',
      'home-based': 'unknown',
    });
    const end = await verdicts('end');
    expect([end['calder point'], end['kingsmead business park, unit 4']]).toEqual(['audio_safe', 'audio_safe']);
    expect(Object.values(end).filter((verdict) => verdict === 'video_safe')).toHaveLength(7);
  });

  it('have a gateway that is enough today and runs out before the waves are done', async () => {
    const last = plan.everybody.waves.at(-1)?.people ?? new Map<string, number>();
    const [today, then] = await transactor.run(async (tx) => [
      await network.ofRemoteAccess(tx, plan.everybody.now.people, now),
      await network.ofRemoteAccess(tx, last, now),
    ]);
    expect(today?.map(({ verdict }) => verdict)).toEqual(['video_safe']);
    expect(then?.map(({ verdict }) => verdict)).toEqual(['not_ready']);
  });

  it('say of homes that most of those that are measured serve', async () => {
    const people = await query<{ id: string }>('select person_entra_id as id from move');
    const homes = await transactor.run((tx) =>
      network.ofHomes(
        tx,
        people.map(({ id }) => id),
        now,
      ),
    );
    const all = [...homes.values()].map(({ verdict }) => verdict);
    const share = (verdict: NetworkVerdict): number => all.filter((each) => each === verdict).length / all.length;
    expect(share('video_safe')).toBeGreaterThan(0.3);
    expect(share('audio_safe')).toBeGreaterThan(0.02);
    expect(share('not_ready')).toBeGreaterThan(0.01);
    expect(share('not_ready')).toBeLessThan(0.08);
    expect(share('unknown')).toBeGreaterThan(0.3);
    expect(share('unknown')).toBeLessThan(0.6);
  });

  it('gate a believable programme: some wait for a network alone, most for something else or nothing', async () => {
    const readiness = new ReadinessService(
      programmes,
      new MeasuredNetworkReadiness(network, settings),
      new MoveDerivationService(),
    );
    await transactor.run((tx) => readiness.evaluate(tx, bench.taken.programmeId, 'all', now));
    const [found] = await query<Record<string, number>>(`
      with waiting as (
        select move.id, move.state, move.readiness,
               count(result.rule) filter (where result.blocks) as blocking,
               count(result.rule) filter (where result.blocks and result.rule like 'network-%') as networks
        from move join readiness_result as result on result.move_id = move.id
        where move.state in ('not_started', 'blocked', 'ready', 'scheduled') group by move.id)
      select count(*)::integer as waiting,
             count(*) filter (where networks > 0)::integer as held,
             count(*) filter (where networks > 0 and networks = blocking)::integer as "heldAlone",
             count(*) filter (where readiness = 'ready')::integer as ready,
             count(*) filter (where state = 'scheduled')::integer as scheduled,
             count(*) filter (where state = 'scheduled' and readiness <> 'ready')::integer as "atRisk"
      from waiting`);
    const { waiting = 0, held = 0, heldAlone = 0, ready = 0, scheduled = 0, atRisk = 0 } = found ?? {};
    expect(held / waiting).toBeLessThan(0.75);
    expect(heldAlone).toBeGreaterThan(3);
    expect(heldAlone / waiting).toBeLessThan(0.12);
    expect(ready).toBeGreaterThan(heldAlone);
    expect(atRisk / scheduled).toBeLessThan(0.25);
  });
});
