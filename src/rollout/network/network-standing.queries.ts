import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { londonDay } from '../../common/uk-time.js';
import { runsOutOn, type SiteCapacity } from '../../network/domain/capacity.js';
import type { Cause } from '../../network/domain/judgement.js';
import type { NetworkSettings } from '../../network/domain/network-settings.js';
import type { RemoteAccessJudgement } from '../../network/domain/remote-access-readiness.js';
import type { SiteJudgement } from '../../network/domain/site-readiness.js';
import { NetworkReadinessQueries, type PlannedSite } from '../../network/network-readiness.queries.js';
import { NetworkSettingsQueries } from '../../network/settings/network-settings.queries.js';
import { sharedAtSite, sharedWords } from '../domain/network/capacity-words.js';
import { findingSentences } from '../domain/network/fix-words.js';
import { findingsInTheWay, isSameCause } from '../domain/network/network-evidence.js';
import { gatewaySteps, siteSteps, stepsOf, type StepOf } from '../domain/network/network-rooms.js';
import { plannedPeople, type PlannedPeople } from '../domain/network/planned-people.js';
import type { CurrentProgramme } from '../programme.queries.js';
import { NOBODY_THERE } from '../readiness/network-readiness.queries.js';
import { networkPlan, type NetworkPlan } from './planned-people.queries.js';

/** A site as it stands and as it will be. */
export interface SiteStanding {
  /** As it was asked for. */
  readonly name: string;
  /** Without regard to how many people are there, for which there are the steps. */
  readonly judgement: SiteJudgement;
  /** What is left after each wave. */
  readonly steps: readonly StepOf<SiteCapacity>[];
  /** The first day on which it is too small (ISO 8601), which may be the one after a link’s last; null when it never is. */
  readonly runsOutOn: string | null;
}

/** A gateway as it will be. */
export interface GatewayStanding {
  readonly id: number;
  readonly name: string;
  readonly steps: readonly StepOf<RemoteAccessJudgement>[];
}

/** What a thing to put right is about. */
interface About extends Cause {
  readonly site: string;
}

type Plan = Pick<NetworkPlan, 'sites' | 'names' | 'everybody'>;

/** Reads how networks stand now and after each wave, by the settings of the moment or by others that are tried out. */
@Injectable()
export class NetworkStandingQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly network: NetworkReadinessQueries,
    private readonly settings: NetworkSettingsQueries,
  ) {}

  /** What the settings are that count now. */
  current(): Promise<{ readonly version: number; readonly settings: NetworkSettings }> {
    return this.settings.current();
  }

  /** Who is to work where after each wave; nobody without a programme. */
  plan(programme: CurrentProgramme | null, now: Date): Promise<Plan> {
    if (programme === null) return Promise.resolve({ sites: new Map(), names: new Map(), everybody: nobody(now) });
    return networkPlan(this.dataSource.manager, programme, now);
  }

  /** How these sites stand. @param tried settings for the steps in place of those that count */
  async sites(
    programme: CurrentProgramme | null,
    names: readonly string[],
    now: Date,
    tried?: NetworkSettings,
  ): Promise<readonly SiteStanding[]> {
    const tx = this.dataSource.manager;
    const { settings } = await this.settings.current(tx);
    const plan = await this.plan(programme, now);
    const judged = await this.network.ofSites(tx, asked(names), now);
    const supplies = await this.network.supplyOfSites(tx, names, now);
    return names.flatMap((name) => {
      const judgement = judged.get(name);
      if (judgement === undefined) return [];
      const people = plan.sites.get(name.toLowerCase()) ?? nobody(now);
      const supply = supplies.get(name) ?? { links: [], wifiClients: null };
      const by = tried ?? settings;
      const outOn = runsOutOn(stepsOf(people), supply, by, by.neededAtSite);
      return [{ name, judgement, steps: siteSteps(people, supply, by), runsOutOn: outOn }];
    });
  }

  /** How the gateways for remote access stand. */
  async gateways(programme: CurrentProgramme | null, now: Date): Promise<readonly GatewayStanding[]> {
    const tx = this.dataSource.manager;
    const { settings } = await this.settings.current(tx);
    const plan = await this.plan(programme, now);
    const gateways = await this.network.gateways(tx);
    const steps = gatewaySteps(plan.everybody, gateways, settings);
    return gateways.map(({ id, name }, index) => ({ id, name, steps: steps[index] ?? [] }));
  }

  /**
   * The figures that are not met or not known of each of these, as sentences; of capacity those after the first wave for
   * which it is too small. Homes have none: their figures are nobody else’s.
   */
  async figuresOf(
    programme: CurrentProgramme,
    things: readonly About[],
    now: Date = new Date(),
  ): Promise<readonly (readonly string[])[]> {
    const { settings } = await this.settings.current();
    const names = [...new Set(things.map(({ site }) => site).filter((site) => site !== ''))];
    const sites = new Map((await this.sites(programme, names, now)).map((site) => [site.name, site]));
    const gateways = things.some(({ kind }) => kind === 'remote-access') ? await this.gateways(programme, now) : [];
    return things.map((thing) => {
      if (thing.kind === 'home') return [];
      if (thing.kind === 'remote-access') {
        const short = gateways.find(({ id }) => id === thing.id)?.steps.find(({ isTooSmall }) => isTooSmall);
        if (short === undefined) return [];
        return findingSentences(findingsInTheWay(short.capacity, settings.neededAtHome));
      }
      const site = sites.get(thing.site);
      if (site === undefined) return [];
      if (thing.kind === 'capacity') {
        const short = site.steps.find(({ isTooSmall }) => isTooSmall);
        if (short === undefined) return [];
        const shared = sharedAtSite(short.capacity, settings.neededAtSite);
        return shared
          .filter(({ headroom }) => headroom !== null && headroom < 0)
          .map((thing) => `${sharedWords(thing)}.`);
      }
      // What clears it says all of what is not there at all.
      if (thing.id === null) return [];
      const inTheWay = findingsInTheWay(site.judgement, settings.neededAtSite);
      return findingSentences(inTheWay.filter(({ cause }) => cause !== null && isSameCause(cause, thing)));
    });
  }
}

function asked(names: readonly string[]): readonly PlannedSite[] {
  return names.map((name) => ({ name, people: NOBODY_THERE }));
}

function nobody(now: Date): PlannedPeople {
  const today = londonDay(now);
  return plannedPeople([], [], { today, targetOn: today });
}
