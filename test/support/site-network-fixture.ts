import type { DataSource } from 'typeorm';
import { NetworkSettingsQueries } from '../../src/network/settings/network-settings.queries.js';
import { HomeFactsQueries } from '../../src/network/home-facts.queries.js';
import { NetworkReadinessQueries } from '../../src/network/network-readiness.queries.js';
import { SiteFactsQueries } from '../../src/network/site-facts.queries.js';
import { Transactor } from '../../src/database/transactor.js';
import { MoveDerivationService } from '../../src/rollout/move-derivation.service.js';
import { NetworkFixesQueries } from '../../src/rollout/network/network-fixes.queries.js';
import { NetworkOverviewQueries } from '../../src/rollout/network/network-overview.queries.js';
import { NetworkStandingQueries } from '../../src/rollout/network/network-standing.queries.js';
import { ProgrammeQueries } from '../../src/rollout/programme.queries.js';
import { MeasuredNetworkReadiness } from '../../src/rollout/readiness/network-readiness.queries.js';
import { ReadinessService } from '../../src/rollout/readiness/readiness.service.js';

/** Readiness by measured networks, and what there is to read of it, over a database. */
export interface NetworkGate {
  readonly network: NetworkReadinessQueries;
  readonly readiness: ReadinessService;
  readonly programmes: ProgrammeQueries;
  readonly transactor: Transactor;
  readonly standing: NetworkStandingQueries;
  readonly overview: NetworkOverviewQueries;
  readonly fixes: NetworkFixesQueries;
}

/** Puts the parts together. */
export function networkGate(dataSource: DataSource): NetworkGate {
  const settings = new NetworkSettingsQueries(dataSource);
  const network = new NetworkReadinessQueries(settings, new HomeFactsQueries(), new SiteFactsQueries());
  const programmes = new ProgrammeQueries(dataSource);
  const measured = new MeasuredNetworkReadiness(network, settings);
  const standing = new NetworkStandingQueries(dataSource, network, settings);
  return {
    ...{ network, programmes, standing },
    readiness: new ReadinessService(programmes, measured, new MoveDerivationService()),
    transactor: new Transactor(dataSource),
    overview: new NetworkOverviewQueries(dataSource, standing),
    fixes: new NetworkFixesQueries(dataSource, standing),
  };
}

/** A site with a line, a survey that passed for 100 clients, and three good tests of this week; unless said otherwise. */
export async function enterSite(
  dataSource: DataSource,
  name: string,
  {
    downloadKbps = 1_000_000,
    uploadKbps = 1_000_000,
    survey = 'passed',
    tests = 3,
  }: { downloadKbps?: number; uploadKbps?: number; survey?: string | null; tests?: number } = {},
): Promise<{ readonly siteId: number; readonly linkId: number }> {
  const id = async (statement: string, parameters: unknown[]): Promise<number> => {
    const [row] = await dataSource.query<{ id: number }[]>(statement, parameters);
    return row?.id ?? 0;
  };
  const siteId = await id(`insert into network_site (name, changed_by) values ($1, 'system:test') returning id`, [
    name,
  ]);
  const linkId = await id(
    `insert into network_link (site_id, name, download_kbps, upload_kbps, changed_by)
     values ($1, 'Main', $2, $3, 'system:test') returning id`,
    [siteId, downloadKbps, uploadKbps],
  );
  if (survey !== null) {
    await dataSource.query(
      `insert into wifi_survey (site_id, surveyed_on, result, clients_supported, changed_by)
       values ($1, current_date - 30, $2, 100, 'system:test')`,
      [siteId, survey],
    );
  }
  await dataSource.query(
    `insert into site_test (site_id, tested_at, source, round_trip_ms, jitter_ms, loss_ratio, download_kbps, upload_kbps)
     select $1, now() - n * interval '1 day', 'probe', 20, 4, 0.001, 200000, 200000 from generate_series(1, $2::integer) as n`,
    [siteId, tests],
  );
  return { siteId, linkId };
}

/** Checks that somebody made at home and kept; good ones unless said otherwise. */
export async function checkHome(
  dataSource: DataSource,
  person: string,
  { count = 3, downloadKbps = 60_000, uploadKbps = 15_000, roundTripMs = 25 } = {},
): Promise<void> {
  await dataSource.query(
    `insert into connection_check (person_entra_id, checked_at, place, connection, method, samples, round_trip_ms, jitter_ms,
       late_ratio, download_kbps, upload_kbps, loaded_round_trip_ms, submission)
     select $1, now() - n * interval '1 hour', 'home', 'wifi', 'browser', 30, $5::real, 4, 0, $3, $4, $5::real + 10, gen_random_uuid()
     from generate_series(1, $2::integer) as n`,
    [person, count, downloadKbps, uploadKbps, roundTripMs],
  );
}
