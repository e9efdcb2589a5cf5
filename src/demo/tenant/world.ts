import type { Rank } from './hierarchy.js';
import type { LicenceCount } from './licences.js';
import type { Machine } from './machine.js';
import type { ManagerLinks } from './manager-links.js';
import type { Directorate, Service, Site } from './organisation.js';
import type { RecordStore } from './record-store.js';

/** What the simulation knows of somebody who works for the council, beside the user record. */
export interface Person {
  readonly id: string;
  readonly rank: Rank;
  readonly atDesk: boolean;
  directorate: Directorate | null;
  service: Service | null;
  team: string | null;
  site: Site;
  /** The simulated day on which the account was disabled; before the tenant was made it is negative. Null while working. */
  leftOn: number | null;
  /** Whether the soft-deleted account can still be restored. */
  removed: boolean;
}

/** Everything that the simulated days work on. */
export interface World {
  readonly seed: number;
  readonly store: RecordStore;
  readonly managers: ManagerLinks;
  readonly licences: LicenceCount;
  /** Those who work for the council and those who left, by user id. */
  readonly people: Map<string, Person>;
  /** User principal names already given, in lower case: never given again. */
  readonly names: Set<string>;
  readonly machines: Machine[];
  /** How many hostnames were given with each prefix. */
  readonly hostnames: Map<string, number>;
  /** The simulated present in milliseconds. */
  now: number;
  day: number;
}
