import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { NetworkReadinessQueries } from '../../network/network-readiness.queries.js';
import { NetworkSettingsQueries } from '../../network/settings/network-settings.queries.js';
import { networkVerdict } from '../domain/network/network-evidence.js';
import { gatewaySteps, roomOf, siteSteps } from '../domain/network/network-rooms.js';
import type { NetworkRooms, NetworkVerdict } from '../domain/readiness/facts.js';
import { networkPlan } from '../network/planned-people.queries.js';
import type { CurrentProgramme } from '../programme.queries.js';

/**
 * What the network says of sites and homes, asked of the module that knows networks. Whoever answers says `unknown` for
 * what they do not know; what is left out is unknown, too.
 */
export abstract class NetworkReadiness {
  /** @param sites names as the directory spells them. */
  abstract ofSites(
    tx: EntityManager,
    sites: readonly string[],
    now: Date,
  ): Promise<ReadonlyMap<string, NetworkVerdict>>;
  /** @param people object ids in Entra ID. */
  abstract ofHomes(
    tx: EntityManager,
    people: readonly string[],
    now: Date,
  ): Promise<ReadonlyMap<string, NetworkVerdict>>;
  /** Which networks are large enough for the people of the programme, wave by wave. */
  abstract rooms(tx: EntityManager, programme: CurrentProgramme, now: Date): Promise<NetworkRooms>;
}

/**
 * Asks for what the lines and the Wi-Fi of a site are, and whether anybody has entered them, without anybody there: for
 * how many people they are enough is said wave by wave, see `rooms`.
 */
export const NOBODY_THERE: ReadonlyMap<string, number> = new Map([['', 0]]);

/** Says what is measured, by what the network’s own settings ask for. */
@Injectable()
export class MeasuredNetworkReadiness extends NetworkReadiness {
  constructor(
    private readonly network: NetworkReadinessQueries,
    private readonly settings: NetworkSettingsQueries,
  ) {
    super();
  }

  override async ofSites(
    tx: EntityManager,
    sites: readonly string[],
    now: Date,
  ): Promise<ReadonlyMap<string, NetworkVerdict>> {
    const { version, settings } = await this.settings.current(tx);
    const asked = sites.map((name) => ({ name, people: NOBODY_THERE }));
    const judged = await this.network.ofSites(tx, asked, now);
    return new Map(
      [...judged].map(([name, judgement]) => [name, networkVerdict(judgement, settings.neededAtSite, version, 'site')]),
    );
  }

  override async ofHomes(
    tx: EntityManager,
    people: readonly string[],
    now: Date,
  ): Promise<ReadonlyMap<string, NetworkVerdict>> {
    const { version, settings } = await this.settings.current(tx);
    const judged = await this.network.ofHomes(tx, people, now);
    return new Map(
      [...judged].map(([person, judgement]) => [
        person,
        networkVerdict(judgement, settings.neededAtHome, version, 'home'),
      ]),
    );
  }

  override async rooms(tx: EntityManager, programme: CurrentProgramme, now: Date): Promise<NetworkRooms> {
    const { settings } = await this.settings.current(tx);
    const plan = await networkPlan(tx, programme, now);
    const supplies = await this.network.supplyOfSites(tx, [...plan.sites.keys()], now);
    const ids = await siteIds(tx, [...plan.sites.keys()]);
    const sites = [...plan.sites].flatMap(([site, people]) => {
      const supply = supplies.get(site);
      const cause = { kind: 'capacity', id: ids.get(site) ?? null } as const;
      return supply === undefined ? [] : [[site, roomOf(cause, siteSteps(people, supply, settings))] as const];
    });
    const gateways = await this.network.gateways(tx);
    const remoteAccess = gatewaySteps(plan.everybody, gateways, settings).map((steps, index) =>
      roomOf({ kind: 'remote-access', id: gateways[index]?.id ?? null }, steps),
    );
    return { sites: new Map(sites), remoteAccess };
  }
}

async function siteIds(tx: EntityManager, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ id: number; name: string }[]>(
    'select id, lower(name) as name from network_site where lower(name) = any($1::text[])',
    [names],
  );
  return new Map(rows.map(({ id, name }) => [name, id]));
}
