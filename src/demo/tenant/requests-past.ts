import { midnightOf, workingTime } from './programme-calendar.js';
import type { ProgrammeStory } from './programme-records.js';
import type { Random } from './random.js';
import {
  ASSISTIVE,
  BAG,
  BUNDLES,
  DOCK,
  HEADSET,
  KEYBOARD,
  PRODUCTS,
  SCREEN,
  STANDARD_LAPTOP,
  STORES,
  WIDE_SCREEN,
  WIRED_HEADSET,
} from './requests-catalogue.js';
import type { RequestCircle } from './requests-circle.js';
import type { StoryPastRequest, StoryRequestLine } from './requests-records.js';
import { DAY, instant } from './simulated-time.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const YEAR = 364 * DAY;
/** Of the laptops of the rollout, those that a manager had asked for. */
const ASKED_FOR = 0.7;
/** Requests for accessories in the year, for each thousand people. */
const ACCESSORIES = 70;

const REASONS = [
  'Moves from a desktop',
  'The old one is broken',
  'New member of the team',
  'Works from home on three days now',
  'Moves to another desk',
] as const;
const REFUSALS = [
  'Two screens are on the desk already.',
  'Please ask again in the new financial year.',
  'The one that is there can be repaired.',
] as const;
const SINGLES = [HEADSET, HEADSET, WIDE_SCREEN, WIDE_SCREEN, SCREEN, DOCK, KEYBOARD, BAG, WIRED_HEADSET] as const;

/** A year of requests that are over, oldest first. */
export function tellPastRequests(
  circle: RequestCircle,
  programme: ProgrammeStory,
  randomOf: (...labels: readonly string[]) => Random,
): readonly StoryPastRequest[] {
  const requests = [
    ...laptopRequests(circle, programme, randomOf),
    ...accessoryRequests(circle, randomOf('accessories')),
  ];
  return requests.sort((a, b) => a.submittedAt.localeCompare(b.submittedAt));
}

/** What managers asked for before the rollout handed it over: people of one team and week together. */
function* laptopRequests(
  circle: RequestCircle,
  programme: ProgrammeStory,
  randomOf: (...labels: readonly string[]) => Random,
): Generator<StoryPastRequest> {
  const models = new Set(PRODUCTS.find(({ name }) => name === STANDARD_LAPTOP)?.models.map(({ model }) => model));
  const machines = new Map(programme.machines.map((machine) => [machine['machine'], machine]));
  const groups = new Map<string, { person: string; device: string; at: number }[]>();
  for (const { person, machine, at } of programme.handOvers) {
    const { model, intuneDeviceId } = machines.get(machine) ?? {};
    const requester = circle.managerOf(String(person));
    if (requester === null || !models.has(String(model)) || typeof intuneDeviceId !== 'string') continue;
    if (!circle.isHere(String(person)) || !randomOf('asked', String(person)).chance(ASKED_FOR)) continue;
    const time = Date.parse(String(at));
    const key = `${requester} ${Math.floor(time / (7 * DAY))}`;
    groups.set(key, [...(groups.get(key) ?? []), { person: String(person), device: intuneDeviceId, at: time }]);
  }
  for (const [key, group] of groups) {
    const random = randomOf('laptops', key);
    const requester = key.split(' ')[0] ?? '';
    const given = Math.max(...group.map(({ at }) => at));
    const bundle = random.pick(BUNDLES);
    const lines = group.flatMap(({ person, device }) =>
      bundle.lines.map(({ product, quantity }): StoryRequestLine => ({
        ...{ for: person, product, quantity, bundle: bundle.name, exceptionReason: null, privateReason: null },
        intuneDeviceId: product === STANDARD_LAPTOP ? device : null,
      })),
    );
    const request = past(circle, random, { requester, lines, given, place: STORES[0], by: circle.cast.stockHolder });
    if (request !== null) yield request;
  }
}

function* accessoryRequests(circle: RequestCircle, random: Random): Generator<StoryPastRequest> {
  const count = Math.round((circle.world.people.size / 1000) * ACCESSORIES);
  for (let one = 0; one < count && circle.leaders.length > 0; one++) {
    const requester = random.pick(circle.leaders);
    const team = random.shuffled(circle.teamOf(requester)).slice(0, random.between(1, 3));
    const given = circle.office(random, circle.world.now - random.between(8, YEAR / DAY) * DAY);
    const isAssistive = random.chance(0.08);
    const product = isAssistive ? random.pick(ASSISTIVE) : random.pick(SINGLES);
    const lines = (isAssistive ? team.slice(0, 1) : team).map((person): StoryRequestLine => ({
      ...{ for: person, product, bundle: null, quantity: 1, exceptionReason: null, intuneDeviceId: null },
      privateReason: isAssistive ? 'Advised by occupational health' : null,
    }));
    const place = random.chance(0.6) ? STORES[0] : random.pick(STORES);
    const request = past(circle, random, { requester, lines, given, place, by: circle.cast.stockHolder });
    if (request !== null) yield request;
  }
}

interface Plan {
  readonly requester: string;
  readonly lines: readonly StoryRequestLine[];
  readonly given: number;
  readonly place: string;
  readonly by: string;
}

/** Null for somebody about whose request nobody could decide. */
function past(circle: RequestCircle, random: Random, plan: Plan): StoryPastRequest | null {
  const { requester, lines, given, place, by } = plan;
  const submitted = circle.office(random, given - random.between(13, 30) * DAY);
  const parties = lines.map((line) => line.for);
  // Nobody hands anything to themselves.
  if (parties.includes(by)) return null;
  const isRefused = lines.every(({ intuneDeviceId }) => intuneDeviceId === null) && random.chance(0.09);
  const isCancelled = !isRefused && lines.every(({ intuneDeviceId }) => intuneDeviceId === null) && random.chance(0.05);
  const steps = circle.steps(random, requester, [...parties, by], submitted, {
    refusal: isRefused ? random.pick(REFUSALS) : null,
  });
  const site = circle.siteOf(requester);
  const isHome = site === null || random.chance(0.15);
  // A carrier takes a day; at the counter it takes minutes.
  const pickedAt = instant((isHome ? workingTime(given - DAY, 14) : given) - random.between(5, 45) * MINUTE);
  const lastAt = steps.at(-1)?.decidedAt;
  if (lastAt === undefined || lastAt >= pickedAt) return null;
  const received = Math.min(circle.whenOpen(given + random.between(5, 40 * 60) * MINUTE), circle.world.now - HOUR);
  return {
    requester,
    lines,
    submittedAt: instant(submitted),
    neededBy: circle.workingDay(midnightOf(submitted), random.between(14, 40)),
    delivery: isHome ? 'home' : 'site',
    site: isHome ? null : site,
    reason: random.pick(REASONS),
    costCentre: circle.costCentreOf(requester),
    steps,
    cancelledAt: isCancelled
      ? instant(circle.whenOpen(Date.parse(lastAt) + random.between(60, 26 * 60) * MINUTE))
      : null,
    given:
      isRefused || isCancelled
        ? null
        : {
            ...{ place, by },
            pickedAt,
            handedOverAt: instant(given),
            receivedAt: instant(Math.max(received, given)),
            observed: random.chance(0.15) && lines.some(({ intuneDeviceId }) => intuneDeviceId !== null),
            tracking: isHome ? `PF${random.text('0123456789', 9)}GB` : null,
          },
  };
}
