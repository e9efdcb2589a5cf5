import { shownDay } from '../../../common/uk-time.js';
import type { PeopleByStyle } from '../../../network/domain/capacity.js';
import { paths } from '../../../web/paths.js';
import { amountWords, sharedAtSite, usedPercent, type SharedThing } from '../../domain/network/capacity-words.js';
import type { StepOf } from '../../domain/network/network-rooms.js';
import { stepWords } from '../network-overview.queries.js';
import type { SiteAfterWave } from '../wave-networks.queries.js';

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
  /** Null where all rows are of one day. */
  readonly day: string | null;
  readonly people: number;
  readonly shares: readonly ShownShare[];
  /** Whether it carries them, as a sign and in words. */
  readonly carries: { readonly shape: string; readonly text: string };
}

/** The steps of a plan as rows, with what is shared after each. */
export function capacityRows<Capacity>(
  steps: readonly StepOf<Capacity>[],
  sharedOf: (capacity: Capacity) => readonly SharedThing[],
): readonly CapacityRow[] {
  return steps.map(({ step, capacity, isTooSmall }, index) => ({
    ...useOf(step.people, sharedOf(capacity), isTooSmall),
    name: index === 0 ? 'Now' : stepWords(step.wave?.name ?? null, false),
    href: step.wave === null ? null : paths.wave(step.wave.id),
    day: shownDay(step.on),
  }));
}

/** Sites after a wave as rows. */
export function siteRows(sites: readonly SiteAfterWave[]): readonly CapacityRow[] {
  return sites.map(({ name, siteId, step, capacity, isTooSmall, needed }) => ({
    ...useOf(step.people, sharedAtSite(capacity, needed), isTooSmall),
    ...{ name, href: siteId === null ? null : paths.networkSite(siteId), day: null },
  }));
}

/** The site that a wave fills most, in words; null where it brings nobody to any site. */
export function fullestWords(sites: readonly SiteAfterWave[]): string | null {
  const worst = sites.find(({ isTooSmall }) => isTooSmall) ?? sites[0];
  if (worst === undefined) return null;
  if (worst.usedPercent === null) return 'Not known';
  const known = `${worst.name}: ${worst.usedPercent} % used`;
  return worst.isTooSmall ? `✕ ${known}, too small` : known;
}

function useOf(
  people: PeopleByStyle,
  things: readonly SharedThing[],
  isTooSmall: boolean,
): Pick<CapacityRow, 'people' | 'shares' | 'carries'> {
  const isKnown = things.some(({ usable }) => usable !== null);
  return {
    people: [...people.values()].reduce((sum, count) => sum + count, 0),
    shares: things.map(shareOf),
    carries: isTooSmall
      ? { shape: '✕', text: 'No' }
      : isKnown
        ? { shape: '●', text: 'Yes, as far as is known' }
        : { shape: '?', text: 'Not known' },
  };
}

function shareOf(thing: SharedThing): ShownShare {
  const percent = usedPercent(thing);
  return {
    percent: percent === null ? 'Not known' : `${percent} %`,
    words: amountWords(thing),
    isTooSmall: thing.headroom !== null && thing.headroom < 0,
  };
}

/** When something is too small for the first time, as a sentence. @param outOn the day, where it may come between waves */
export function runsOutWords(
  steps: readonly StepOf<unknown>[],
  rows: readonly CapacityRow[],
  outOn: string | null = null,
): string {
  const index = steps.findIndex(({ isTooSmall }) => isTooSmall);
  const short = steps[index];
  if (index === 0) return 'It is too small for those who are there already.';
  if (outOn !== null && (short === undefined || outOn < short.step.on)) {
    return `It is too small from ${shownDay(outOn)}, when a link has ended.`;
  }
  if (short === undefined) {
    const shares = rows.flatMap((row) => row.shares);
    if (shares.every(({ percent }) => percent === 'Not known')) {
      return 'How many people it carries is not known: nothing of what they share is entered.';
    }
    const isPart = shares.some(({ percent }) => percent === 'Not known');
    return `It carries everybody who is to come${isPart ? ', as far as is known' : ''}.`;
  }
  const when = short.step.wave === null ? 'when everybody has moved' : `after “${short.step.wave.name}”`;
  return `It is too small ${when}, by ${shownDay(short.step.on)}.`;
}
