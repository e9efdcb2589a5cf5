import { shownDay } from '../../../common/london-time.js';
import { paths } from '../../../web/paths.js';
import { sharedWords, usedPercent, type SharedThing } from '../../domain/network/capacity-words.js';
import type { StepOf } from '../../domain/network/network-rooms.js';
import { stepWords } from '../network-overview.queries.js';

/** One thing that is shared after a step, as a table shows it. */
interface ShownShare {
  /** Such as `64 %`, or `Not known`. */
  readonly percent: string;
  readonly words: string;
  readonly isTooSmall: boolean;
}

/** A step of the plan as a row of a table. */
export interface CapacityRow {
  readonly name: string;
  readonly href: string | null;
  readonly day: string;
  readonly people: number;
  readonly shares: readonly ShownShare[];
  readonly isTooSmall: boolean;
}

/** The steps of a plan as rows, with what is shared after each. */
export function capacityRows<Capacity>(
  steps: readonly StepOf<Capacity>[],
  sharedOf: (capacity: Capacity) => readonly SharedThing[],
): readonly CapacityRow[] {
  return steps.map(({ step, capacity, isTooSmall }, index) => ({
    name: index === 0 ? 'Now' : stepWords(step.wave?.name ?? null, false),
    href: step.wave === null ? null : paths.wave(step.wave.id),
    day: shownDay(step.on),
    people: [...step.people.values()].reduce((sum, count) => sum + count, 0),
    shares: sharedOf(capacity).map(shareOf),
    isTooSmall,
  }));
}

function shareOf(thing: SharedThing): ShownShare {
  const percent = usedPercent(thing);
  return {
    percent: percent === null ? 'Not known' : `${percent} %`,
    words: sharedWords(thing),
    isTooSmall: thing.headroom !== null && thing.headroom < 0,
  };
}

/** When something is too small for the first time, as a sentence. */
export function runsOutWords(steps: readonly StepOf<unknown>[], shares: readonly CapacityRow[]): string {
  const index = steps.findIndex(({ isTooSmall }) => isTooSmall);
  const short = steps[index];
  if (short === undefined) {
    const isKnown = shares.some((row) => row.shares.some(({ percent }) => percent !== 'Not known'));
    return isKnown
      ? 'It carries everybody who is to come.'
      : 'How many people it carries is not known: nothing of what they share is entered.';
  }
  if (index === 0) return 'It is too small for those who are there already.';
  const when = short.step.wave === null ? 'when everybody has moved' : `with the wave ${short.step.wave.name}`;
  return `It is too small ${when}, on ${shownDay(short.step.on)}.`;
}
