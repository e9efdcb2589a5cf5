import {
  runsOut,
  siteCapacity,
  type PeopleByStyle,
  type SiteCapacity,
  type SiteSupply,
} from '../../../network/domain/capacity.js';
import type { Cause } from '../../../network/domain/judgement.js';
import type { NetworkSettings } from '../../../network/domain/network-settings.js';
import {
  judgeRemoteAccess,
  type Gateway,
  type RemoteAccessJudgement,
} from '../../../network/domain/remote-access-readiness.js';
import type { NetworkRoom } from '../readiness/facts.js';
import { findingsInTheWay } from './network-evidence.js';
import type { PlannedPeople, WaveStep } from './planned-people.js';

/** What is left of something after a step of the plan. */
export interface StepOf<Capacity> {
  readonly step: WaveStep;
  readonly capacity: Capacity;
  readonly isTooSmall: boolean;
}

/** The steps of a plan in their order. */
export function stepsOf({ now, waves, end }: PlannedPeople): readonly WaveStep[] {
  return [now, ...waves, end];
}

/** What is left of a site’s lines and Wi-Fi after each step. What is not known is never too small. */
export function siteSteps(
  people: PlannedPeople,
  supply: SiteSupply,
  settings: NetworkSettings,
): readonly StepOf<SiteCapacity>[] {
  return stepsOf(people).map((step) => {
    const capacity = siteCapacity(step.people, supply, settings, step.on);
    return { step, capacity, isTooSmall: runsOut(capacity, settings.neededAtSite) };
  });
}

/** What is left of each gateway after each step, in the order of the gateways. */
export function gatewaySteps(
  people: PlannedPeople,
  gateways: readonly Gateway[],
  settings: NetworkSettings,
): readonly (readonly StepOf<RemoteAccessJudgement>[])[] {
  const judged = stepsOf(people).map((step) => ({
    step,
    gateways: judgeRemoteAccess(gateways, orNobody(step.people), settings, new Date(`${step.on}T12:00:00Z`)),
  }));
  return gateways.map((_, index) =>
    judged.flatMap(({ step, gateways: after }) => {
      const capacity = after[index];
      if (capacity === undefined) return [];
      const missed = findingsInTheWay(capacity, settings.neededAtHome);
      return [{ step, capacity, isTooSmall: missed.some(({ met }) => met === false) }];
    }),
  );
}

/** A gateway that nobody is to use is judged all the same. */
function orNobody(people: PeopleByStyle): PeopleByStyle {
  return people.size === 0 ? new Map([['', 0]]) : people;
}

/** For which waves something is too small. */
export function roomOf(cause: Cause, steps: readonly StepOf<unknown>[]): NetworkRoom {
  const short = steps.filter(({ isTooSmall }) => isTooSmall);
  return {
    cause,
    shortAfter: short.flatMap(({ step }) => (step.wave === null ? [] : [step.wave.endsOn])),
    shortInTheEnd: steps.at(-1)?.isTooSmall === true,
  };
}
