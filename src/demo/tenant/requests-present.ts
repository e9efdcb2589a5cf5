import type { Machine } from './machine.js';
import { machinesByOwner } from './programme-laptops.js';
import type { Random } from './random.js';
import {
  BAG,
  BUNDLES,
  DOCK,
  FAST_LAPTOP,
  HEADSET,
  KEYBOARD,
  SCREEN,
  STANDARD_LAPTOP,
  WIDE_SCREEN,
} from './requests-catalogue.js';
import type { RequestCircle } from './requests-circle.js';
import type { StoryPresentRequest, StoryRequestLine } from './requests-records.js';
import { DAY, instant } from './simulated-time.js';

const HOUR = 3_600_000;

type Stage = Pick<StoryPresentRequest, 'decided' | 'fulfilled'> & {
  readonly isDraft?: boolean;
  readonly reason?: string;
};

const WAITING: Stage = { decided: 'none', fulfilled: 'no' };
const HALF_DECIDED: Stage = { decided: 'first', fulfilled: 'no' };
const APPROVED: Stage = { decided: 'all', fulfilled: 'no' };
const PICKED: Stage = { decided: 'all', fulfilled: 'picked' };
const SENT: Stage = { decided: 'all', fulfilled: 'sent' };
const HANDED_OVER: Stage = { decided: 'all', fulfilled: 'handed-over' };
const RECEIVED: Stage = { decided: 'all', fulfilled: 'received' };
const DRAFT: Stage = { decided: 'none', fulfilled: 'no', isDraft: true };
const RETURNED: Stage = { decided: 'returned', fulfilled: 'no', reason: 'Please say which days they work at home.' };
const REJECTED: Stage = { decided: 'rejected', fulfilled: 'no', reason: 'The budget of this year is spent.' };

/** What is asked for together besides laptops. */
const ACCESSORIES: readonly (readonly string[])[] = [[DOCK, SCREEN], [HEADSET], [KEYBOARD, BAG], [DOCK, KEYBOARD]];
const REASONS = {
  laptop: ['Moves from a desktop to a laptop', 'Shares a desktop until now', 'Starts next month'],
  maps: ['Draws plans for the new depot', 'Works on the survey of all highways'],
  screen: ['Reads plans and letters side by side', 'Works from home on three days now'],
  other: [
    'Moves to another desk',
    'The old one is broken',
    'Works from home on three days now',
    'Speaks on the telephone all day',
  ],
} as const;

function reasonFor(lines: readonly StoryRequestLine[]): keyof typeof REASONS {
  const asked = new Set(lines.map(({ product }) => product));
  if (asked.has(STANDARD_LAPTOP)) return 'laptop';
  if (asked.has(FAST_LAPTOP)) return 'maps';
  return asked.has(WIDE_SCREEN) || asked.has(SCREEN) ? 'screen' : 'other';
}

/** What of a request is asked for. */
type Want = 'bundle' | 'wide screens' | 'fast laptop' | 'accessories';

/** Requests of other teams that are under way, for every stage so many. */
const OTHERS: readonly (readonly [Stage, Want, number])[] = [
  [WAITING, 'accessories', 6],
  [WAITING, 'bundle', 4],
  [WAITING, 'fast laptop', 2],
  [HALF_DECIDED, 'bundle', 4],
  [HALF_DECIDED, 'fast laptop', 3],
  [APPROVED, 'bundle', 5],
  [APPROVED, 'wide screens', 5],
  [APPROVED, 'fast laptop', 1],
  [PICKED, 'accessories', 4],
  [PICKED, 'bundle', 2],
  [SENT, 'accessories', 3],
  [HANDED_OVER, 'accessories', 4],
  [RECEIVED, 'accessories', 3],
  [RETURNED, 'accessories', 2],
  [REJECTED, 'wide screens', 2],
];

/** What is under way on the first day: something for everybody as whom visitors sign in, and for many others. */
export function tellPresentRequests(circle: RequestCircle, random: Random): readonly StoryPresentRequest[] {
  const { cast } = circle;
  const maker = new PresentRequests(circle, random);
  const lead = cast.lineManager;
  const requests = [
    ...maker.forPerson(cast.staff),
    maker.make(lead, DRAFT, 'bundle', 2),
    maker.make(lead, WAITING, 'bundle', 3),
    maker.make(lead, RETURNED, 'accessories', 2),
    maker.make(lead, APPROVED, 'wide screens', 2),
    maker.make(lead, HANDED_OVER, 'accessories', 2),
    ...circle.leaders
      .filter((leader) => circle.managerOf(leader) === cast.approver)
      .slice(0, 8)
      .map((leader) => maker.make(leader, WAITING, random.chance(0.5) ? 'bundle' : 'accessories', 3)),
    // Nobody is above them, so that the queue for approvals decides.
    ...circle.leaders
      .filter((leader) => circle.managerOf(leader) === null)
      .slice(0, 3)
      .map((leader) => maker.make(leader, WAITING, 'accessories', 2)),
    ...OTHERS.flatMap(([stage, want, count]) =>
      Array.from({ length: circle.leaders.length === 0 ? 0 : count }, () =>
        maker.make(random.pick(circle.leaders), stage, want, random.between(1, 3)),
      ),
    ),
  ];
  return requests
    .filter((request) => request !== null)
    .sort((a, b) => (a.submittedAt ?? '9').localeCompare(b.submittedAt ?? '9'));
}

class PresentRequests {
  readonly #owned: ReadonlyMap<string, readonly Machine[]>;
  /** For whom something is asked already: nobody is asked for twice. */
  readonly #asked = new Set<string>();

  constructor(
    private readonly circle: RequestCircle,
    private readonly random: Random,
  ) {
    this.#owned = machinesByOwner(circle.world);
  }

  /** Something that somebody is to confirm, something that is sent to them, and something that they asked for themselves. */
  forPerson(person: string): (StoryPresentRequest | null)[] {
    const manager = this.circle.managerOf(person);
    this.#asked.add(person);
    const own = this.#request(person, WAITING, [line(person, KEYBOARD)]);
    if (manager === null) return [own];
    return [
      this.#request(manager, HANDED_OVER, [line(person, HEADSET)]),
      this.#request(manager, SENT, [line(person, SCREEN)]),
      own,
    ];
  }

  /** Null when the team has nobody left for whom it can be. */
  make(requester: string, stage: Stage, want: Want, people: number): StoryPresentRequest | null {
    const isHolder = (id: string): boolean => id === this.circle.cast.stockHolder;
    const left = this.circle.teamOf(requester).filter((id) => !isHolder(id) && !this.#asked.has(id));
    const team = this.random.shuffled(left);
    const able = want === 'bundle' ? team.filter((id) => !this.#hasLaptop(id)) : team;
    const chosen = (able.length > 0 ? able : team).slice(0, people);
    for (const person of chosen) this.#asked.add(person);
    const lines = chosen.flatMap((person) => this.#lines(person, want));
    return lines.length === 0 ? null : this.#request(requester, stage, lines);
  }

  #lines(person: string, want: Want): StoryRequestLine[] {
    if (want === 'wide screens') return [line(person, WIDE_SCREEN)];
    if (want === 'accessories') return this.random.pick(ACCESSORIES).map((product) => line(person, product));
    const second = this.#hasLaptop(person) ? 'Works at two sites, and the first one stays at the other' : null;
    if (want === 'fast laptop') {
      return [{ ...line(person, FAST_LAPTOP), exceptionReason: 'Works with large maps all day' }];
    }
    const bundle = this.random.pick(BUNDLES);
    return bundle.lines.map(({ product, quantity }) => ({
      ...line(person, product),
      ...{ quantity, bundle: bundle.name },
      exceptionReason: product === STANDARD_LAPTOP ? second : null,
    }));
  }

  #request(
    requester: string,
    { decided, fulfilled, isDraft = false, reason }: Stage,
    lines: readonly StoryRequestLine[],
  ): StoryPresentRequest {
    const { circle, random } = this;
    const { now } = circle.world;
    // Nobody has waited for longer than it takes until somebody else is asked.
    const isLatest = lines.every(({ product }) => product === WIDE_SCREEN);
    const [least, most]: readonly [number, number] =
      decided === 'none' ? [0, 1] : decided === 'first' || isLatest ? [1, 3] : [4, 12];
    const days = random.between(least, most);
    const submitted = Math.min(circle.office(random, now - days * DAY), now - 4 * HOUR);
    const thought = circle.whenOpen(submitted + random.between(3, 50) * HOUR);
    const decidedAt = thought < now - HOUR ? thought : Math.min(submitted + 2 * HOUR, now - HOUR);
    const site = circle.siteOf(requester);
    const isHome = site === null || fulfilled === 'sent';
    return {
      ...{ requester, lines, decided, fulfilled },
      submittedAt: isDraft ? null : instant(submitted),
      decidedAt: decided === 'none' ? null : instant(decidedAt),
      decisionReason: reason ?? null,
      neededBy: circle.workingDay(now, random.between(9, 40)),
      delivery: isHome ? 'home' : 'site',
      site: isHome ? null : site,
      reason: random.pick(REASONS[reasonFor(lines)]),
      costCentre: circle.costCentreOf(requester),
    };
  }

  #hasLaptop(person: string): boolean {
    return (this.#owned.get(person) ?? []).some(({ form, inUse }) => form === 'laptop' && inUse);
  }
}

function line(person: string, product: string): StoryRequestLine {
  return {
    ...{ for: person, product, bundle: null, quantity: 1 },
    exceptionReason: null,
    privateReason: null,
    intuneDeviceId: null,
  };
}
