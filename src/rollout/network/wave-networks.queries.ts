import { Injectable } from '@nestjs/common';
import type { SiteCapacity } from '../../network/domain/capacity.js';
import type { NeededVerdict } from '../../network/domain/network-words.js';
import { sharedAtSite, tightest, usedPercent } from '../domain/network/capacity-words.js';
import type { StepOf } from '../domain/network/network-rooms.js';
import type { CurrentProgramme } from '../programme.queries.js';
import { NetworkStandingQueries } from './network-standing.queries.js';

/** A site after a wave that brings people there. */
export interface SiteAfterWave extends StepOf<SiteCapacity> {
  readonly name: string;
  /** Null for an office that nobody has entered. */
  readonly siteId: number | null;
  readonly needed: NeededVerdict;
  /** Of what is shared most; null where nothing is known. */
  readonly usedPercent: number | null;
}

/** Reads what becomes of the networks of sites with each wave. */
@Injectable()
export class WaveNetworksQueries {
  constructor(private readonly standing: NetworkStandingQueries) {}

  /** The sites of each wave by its number, those first that are used most; what is not known comes last. */
  async afterWaves(
    programme: CurrentProgramme | null,
    now: Date = new Date(),
  ): Promise<ReadonlyMap<number, readonly SiteAfterWave[]>> {
    const { names } = await this.standing.plan(programme, now);
    const { settings } = await this.standing.current();
    const needed = settings.neededAtSite;
    const after = new Map<number, SiteAfterWave[]>();
    for (const { name, judgement, steps } of await this.standing.sites(programme, [...names.values()], now)) {
      for (const step of steps) {
        const { wave } = step.step;
        if (wave === null) continue;
        const most = tightest(sharedAtSite(step.capacity, needed));
        const used = most === null ? null : usedPercent(most);
        const site = { ...step, name, siteId: judgement.siteId, needed, usedPercent: used };
        after.set(wave.id, [...(after.get(wave.id) ?? []), site]);
      }
    }
    for (const sites of after.values()) {
      sites.sort((a, b) => (b.usedPercent ?? -1) - (a.usedPercent ?? -1) || (a.name < b.name ? -1 : 1));
    }
    return after;
  }
}
