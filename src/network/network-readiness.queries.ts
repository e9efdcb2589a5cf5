import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { londonDay } from '../common/uk-time.js';
import type { PeopleByStyle, SiteSupply } from './domain/capacity.js';
import { judgeHome, NOTHING_KNOWN_OF_HOME } from './domain/home-readiness.js';
import type { NetworkJudgement } from './domain/judgement.js';
import type { NetworkSettings } from './domain/network-settings.js';
import { judgeRemoteAccess, type Gateway, type RemoteAccessJudgement } from './domain/remote-access-readiness.js';
import { judgeSite, siteSupply, type SiteJudgement } from './domain/site-readiness.js';
import { HomeFactsQueries, type CountingSince } from './home-facts.queries.js';
import { NetworkSettingsQueries } from './settings/network-settings.queries.js';
import { SiteFactsQueries } from './site-facts.queries.js';

/** A site and who is planned to be at work there. */
export interface PlannedSite {
  /** As the directory spells it; upper and lower case are the same. */
  readonly name: string;
  /** People by work style; empty where what its lines carry together is not looked at. */
  readonly people: PeopleByStyle;
}

/**
 * What networks carry, judged anew from what is stored, by the settings of the moment: one statement for each kind of
 * fact, whatever the number of sites or people. Which adapters a machine has is no part of it: Microsoft Graph tells of no
 * link type outside of calls, only whether a managed device has a Wi-Fi adapter at all.
 */
@Injectable()
export class NetworkReadinessQueries {
  constructor(
    private readonly settings: NetworkSettingsQueries,
    private readonly homes: HomeFactsQueries,
    private readonly sites: SiteFactsQueries,
  ) {}

  /** What is said of each site, by its name as asked; one that nobody has entered is unknown. */
  async ofSites(
    tx: EntityManager,
    sites: readonly PlannedSite[],
    now = new Date(),
  ): Promise<ReadonlyMap<string, SiteJudgement>> {
    const { settings } = await this.settings.current(tx);
    const facts = await this.sites.of(
      tx,
      sites.map(({ name }) => name),
      countingSince(settings, now),
    );
    return new Map(
      sites.flatMap(({ name, people }) => {
        const known = facts.get(name);
        return known === undefined ? [] : [[name, judgeSite(known, people, settings, now)] as const];
      }),
    );
  }

  /** What is said of the homes of people, by their object ids in Entra ID. */
  async ofHomes(
    tx: EntityManager,
    people: readonly string[],
    now = new Date(),
  ): Promise<ReadonlyMap<string, NetworkJudgement>> {
    const { settings } = await this.settings.current(tx);
    const facts = await this.homes.of(tx, people, countingSince(settings, now));
    return new Map(
      people.map((person) => [person, judgeHome(facts.get(person) ?? NOTHING_KNOWN_OF_HOME, settings, now)]),
    );
  }

  /**
   * What is said of each gateway for remote access, by name.
   * @param people those who may work away from the office, by work style
   */
  async ofRemoteAccess(
    tx: EntityManager,
    people: PeopleByStyle,
    now = new Date(),
  ): Promise<readonly RemoteAccessJudgement[]> {
    const { settings } = await this.settings.current(tx);
    return judgeRemoteAccess(await this.gateways(tx), people, settings, now);
  }

  /** The gateways for remote access as they were entered, by name, for questions about plans. */
  gateways(tx: EntityManager): Promise<Gateway[]> {
    return tx.query<Gateway[]>(
      `select id, name, sessions, download_kbps as "downloadKbps", upload_kbps as "uploadKbps",
         all_traffic as "allTraffic", changed_at as "changedAt" from remote_access order by lower(name)`,
    );
  }

  /** What sites offer, by name as asked, for questions about plans (`domain/capacity.ts`). */
  async supplyOfSites(
    tx: EntityManager,
    names: readonly string[],
    now = new Date(),
  ): Promise<ReadonlyMap<string, SiteSupply>> {
    const { settings } = await this.settings.current(tx);
    const entered = await this.sites.entered(tx, names);
    return new Map([...entered].map(([name, known]) => [name, siteSupply(known, settings, londonDay(now))]));
  }
}

const DAY = 86_400_000;

function countingSince({ assumptions }: NetworkSettings, now: Date): CountingSince {
  const before = (days: number): Date => new Date(now.getTime() - days * DAY);
  return {
    checks: before(assumptions['oldest-checks']),
    calls: before(assumptions['oldest-calls']),
    siteTests: before(assumptions['oldest-site-tests']),
  };
}
