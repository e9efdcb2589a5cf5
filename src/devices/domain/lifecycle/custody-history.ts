import type { CustodyCommand } from './commands.js';
import type { Origin, Standing } from './standing.js';
import { transitionOf } from './transitions.js';

/** A step of custody that was recorded elsewhere. */
export interface HistoricStep {
  readonly deviceId: number;
  readonly command: CustodyCommand;
  readonly at: Date;
  /** Object id of the person who gets the machine, or for whom it is put aside. */
  readonly holder: string | null;
  readonly place: string | null;
  readonly reason: string | null;
  readonly reference: string | null;
  /** Object id of whoever did it, where the records say so. */
  readonly by: string | null;
}

/** A step with what it led from and to. */
export interface WalkedStep extends HistoricStep {
  readonly from: CustodyPoint;
  readonly to: CustodyPoint;
}

/** Custody of a machine at a time. */
export interface CustodyPoint {
  readonly standing: Origin;
  readonly holder: string | null;
  readonly place: string | null;
  /** Since when it is in this standing or with this holder; null while no custody is recorded. */
  readonly since: Date | null;
}

/** A step that the records tell and that custody does not know from there. */
export interface ImpossibleStep {
  readonly step: HistoricStep;
  readonly from: Origin;
}

const NOTHING: CustodyPoint = { standing: 'none', holder: null, place: null, since: null };

/**
 * Follows steps that were recorded elsewhere through the permitted transitions, each machine from its beginning, in the
 * order of time. A step that is not permitted where its machine stands is left out and told.
 */
export function walkCustody(steps: readonly HistoricStep[]): {
  readonly walked: readonly WalkedStep[];
  readonly impossible: readonly ImpossibleStep[];
} {
  const points = new Map<number, CustodyPoint>();
  const walked: WalkedStep[] = [];
  const impossible: ImpossibleStep[] = [];
  for (const step of [...steps].sort((one, other) => one.at.getTime() - other.at.getTime())) {
    const from = points.get(step.deviceId) ?? NOTHING;
    const transition = transitionOf(step.command, from.standing);
    if (transition === null || transition.to === 'same' || transition.to === 'before') {
      impossible.push({ step, from: from.standing });
      continue;
    }
    const to = pointAfter(step, from, transition.to);
    points.set(step.deviceId, to);
    walked.push({ ...step, from, to });
  }
  return { walked, impossible };
}

const WITH_HOLDER: readonly Standing[] = ['allocated', 'in_use', 'return_due'];

function pointAfter(step: HistoricStep, from: CustodyPoint, standing: Standing): CustodyPoint {
  const holder = WITH_HOLDER.includes(standing) ? (step.holder ?? from.holder) : null;
  return { standing, holder, place: step.place ?? (holder === null ? from.place : null), since: step.at };
}
