import type { DataSource } from 'typeorm';
import { Transactor } from '../../src/database/transactor.js';
import { NO_ROOMS, type NetworkRooms, type NetworkVerdict } from '../../src/rollout/domain/readiness/facts.js';
import { MoveDerivationService } from '../../src/rollout/move-derivation.service.js';
import { ProgrammeQueries } from '../../src/rollout/programme.queries.js';
import { NetworkReadiness } from '../../src/rollout/readiness/network-readiness.queries.js';
import { ReadinessService } from '../../src/rollout/readiness/readiness.service.js';

/** The licence of which everybody needs one. */
export const NEEDED_SKU = '06ebc4ee-1bb5-47dd-8120-11324bc54e06';
/** Settings with which the laptops of `startRollout` do. */
export const READINESS_SETTINGS = {
  readiness: { licenceSkus: [NEEDED_SKU], approvedModels: [{ manufacturer: 'HP', model: 'EliteBook 840 G8' }] },
};

/** A network of which is known what somebody says, and nothing else. */
export class KnownNetwork extends NetworkReadiness {
  readonly sites = new Map<string, NetworkVerdict>();
  readonly homes = new Map<string, NetworkVerdict>();
  large = NO_ROOMS;

  override async ofSites(): Promise<ReadonlyMap<string, NetworkVerdict>> {
    return this.sites;
  }

  override async ofHomes(): Promise<ReadonlyMap<string, NetworkVerdict>> {
    return this.homes;
  }

  override async rooms(): Promise<NetworkRooms> {
    return this.large;
  }

  /** Says that these sites and homes serve. */
  serve(sites: readonly string[], homes: readonly string[] = []): void {
    for (const site of sites) this.sites.set(site, { outcome: 'ready', since: null, evidence: {} });
    for (const home of homes) this.homes.set(home, { outcome: 'ready', since: null, evidence: {} });
  }
}

/** The parts of readiness over a database. */
export function readinessOver(
  dataSource: DataSource,
  network: KnownNetwork = new KnownNetwork(),
): { network: KnownNetwork; readiness: ReadinessService; transactor: Transactor; programmes: ProgrammeQueries } {
  const programmes = new ProgrammeQueries(dataSource);
  const readiness = new ReadinessService(programmes, network, new MoveDerivationService());
  return { network, readiness, programmes, transactor: new Transactor(dataSource) };
}

/** Answers a question about a move. */
export async function answerMove(
  dataSource: DataSource,
  move: number,
  question: string,
  answer: string,
  details: object = {},
): Promise<void> {
  await dataSource.query(
    `insert into move_answer (move_id, question, answer, details, actor) values ($1, $2, $3, $4, 'person:x')`,
    [move, question, answer, JSON.stringify(details)],
  );
}

/** Gives somebody everything but the laptop and the network of their site. */
export async function makeOtherwiseReady(
  dataSource: DataSource,
  network: KnownNetwork,
  move: number,
  person: string,
): Promise<void> {
  await answerMove(dataSource, move, 'applications', 'none');
  await answerMove(dataSource, move, 'assistive-technology', 'none');
  await answerMove(dataSource, move, 'local-data', 'none');
  await answerMove(dataSource, move, 'manager-word', 'yes');
  await answerMove(dataSource, move, 'training', 'not-needed');
  network.serve([], [person]);
  await dataSource.query(`update person set licence_assignments = $2 where entra_id = $1`, [
    person,
    JSON.stringify([{ sku_id: NEEDED_SKU, state: 'Active' }]),
  ]);
}

/** Empties everything of the rollout and of the estate under it, also what is kept for good. */
export async function emptyRollout(dataSource: DataSource): Promise<void> {
  await dataSource.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica');
    await tx.query(
      'truncate person, device, rollout_programme, custody_event, command_receipt restart identity cascade',
    );
  });
}
