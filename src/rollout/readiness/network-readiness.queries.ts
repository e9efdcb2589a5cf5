import type { EntityManager } from 'typeorm';
import { NETWORK_NOT_KNOWN, NO_ROOMS, type NetworkRooms, type NetworkVerdict } from '../domain/readiness/facts.js';

/**
 * What the network says of sites and homes, asked of the module that knows networks. Whoever answers says `unknown` for
 * what they do not know; what is left out is unknown, too.
 */
export abstract class NetworkReadiness {
  /** @param sites names as the directory spells them. */
  abstract ofSites(tx: EntityManager, sites: readonly string[]): Promise<ReadonlyMap<string, NetworkVerdict>>;
  /** @param people object ids in Entra ID. */
  abstract ofHomes(tx: EntityManager, people: readonly string[]): Promise<ReadonlyMap<string, NetworkVerdict>>;
  /** Which networks are large enough for the people of the programme, wave by wave. */
  abstract rooms(tx: EntityManager, programmeId: number, now: Date): Promise<NetworkRooms>;
}

/** While no module knows networks nothing is known, and so nothing is ready. */
export class UnknownNetworkReadiness extends NetworkReadiness {
  override async ofSites(_tx: EntityManager, sites: readonly string[]): Promise<ReadonlyMap<string, NetworkVerdict>> {
    return new Map(sites.map((site) => [site, NETWORK_NOT_KNOWN]));
  }

  override async ofHomes(_tx: EntityManager, people: readonly string[]): Promise<ReadonlyMap<string, NetworkVerdict>> {
    return new Map(people.map((person) => [person, NETWORK_NOT_KNOWN]));
  }

  override async rooms(): Promise<NetworkRooms> {
    return NO_ROOMS;
  }
}
